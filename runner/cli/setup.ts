import { type Command, Option } from 'commander';
import { type Config, loadConfig } from '../config/index.ts';
import { Secrets } from '../events/secrets.ts';
import type { InventorySettings } from '../inventory/index.ts';
import { loadVaultSecrets, type PasswordSources, type VaultSecrets } from '../vault/index.ts';
import { ask } from './ask.ts';

/** The options by which vault passwords are given. */
export interface VaultFlags {
  readonly vaultId?: readonly string[];
  readonly vaultPasswordFile?: readonly string[];
  readonly askVaultPassword?: boolean;
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** Adds --vault-id, --vault-password-file and --ask-vault-password to a command. */
export const addVaultOptions = (command: Command): Command =>
  command
    .option('--vault-id <id>', 'a vault password: label@file, label@prompt or file; repeatable', collect)
    .option('--vault-password-file <file>', 'a file or script with the vault password; repeatable', collect)
    .addOption(new Option('--vault-pass-file <file>').hideHelp().argParser(collect))
    .option('-J, --ask-vault-password', 'ask for the vault password')
    .addOption(new Option('--ask-vault-pass').hideHelp())
    .option('-v, --verbose', 'accepted: there is nothing more to tell');

/** What the options above came to. */
export const readVaultFlags = (options: Record<string, unknown>): VaultFlags => ({
  vaultId: (options.vaultId as string[] | undefined) ?? [],
  vaultPasswordFile: [
    ...((options.vaultPasswordFile as string[] | undefined) ?? []),
    ...((options.vaultPassFile as string[] | undefined) ?? []),
  ],
  askVaultPassword: options.askVaultPassword === true || options.askVaultPass === true,
});

/** The vault passwords that the options and the configuration give. */
export const openVault = (
  flags: VaultFlags,
  config: Config,
  more: Pick<PasswordSources, 'warn'> &
    Partial<Pick<PasswordSources, 'alwaysAsk' | 'isNew' | 'secrets' | 'noteRead' | 'ask'>>,
): Promise<VaultSecrets> =>
  loadVaultSecrets({
    vaultIds: [...config.vaultIdentityList, ...(flags.vaultId ?? [])],
    passwordFiles: [
      ...(flags.vaultPasswordFile ?? []),
      ...(config.vaultPasswordFile ? [config.vaultPasswordFile] : []),
    ],
    askPassword: flags.askVaultPassword || config.askVaultPass,
    defaultId: config.vaultIdentity,
    matchIds: config.vaultIdMatch,
    ask: (prompt) => ask(prompt),
    ...more,
  });

/** How inventories are read, by the configuration. */
export const inventorySettings = (config: Config): InventorySettings => ({
  enabled: config.inventoryEnabled,
  ignoreExtensions: config.inventoryIgnoreExtensions,
  ignorePatterns: config.inventoryIgnorePatterns,
  unparsedWarning: config.inventoryUnparsedWarning,
  unparsedIsFailed: config.inventoryUnparsedIsFailed,
  anyUnparsedIsFailed: config.inventoryAnyUnparsedIsFailed,
  transformGroupNames: config.transformInvalidGroupChars,
  mergesHashes: config.hashBehaviour === 'merge',
  duplicateKeys: config.duplicateDictKey,
  yamlExtensions: config.inventoryYamlExtensions,
  variableExtensions: config.yamlFilenameExtensions,
  showsScriptErrors: config.inventoryScriptStderr,
  usesExtraVars: config.inventoryUseExtraVars,
});

/** Warnings of commands that have no other output: one line each on stderr, each once, without secrets. */
const warnToStderr = (secrets: Secrets = new Secrets()): ((message: string) => void) => {
  const seen = new Set<string>();
  return (message) => {
    if (seen.has(message)) return;
    seen.add(message);
    process.stderr.write(`warning: ${secrets.mask(message)}\n`);
  };
};

/** The configuration of a command, and its warnings on stderr. */
export const startCommand = (): { config: Config; secrets: Secrets; warn: (message: string) => void } => {
  const secrets = new Secrets();
  const warn = warnToStderr(secrets);
  return { config: loadConfig({ warn }), secrets, warn };
};
