import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { Config } from '../config/index.ts';
import { MusterError } from '../errors/index.ts';
import { createFile, decryptFile, editFile, encryptFile, rekeyFile, viewFile, writeBytes } from '../vault/files.ts';
import { formatForYaml, loadVaultSecrets, type VaultIdentity, type VaultSecrets } from '../vault/index.ts';
import { ask } from './ask.ts';
import { runCommand } from './parse-command.ts';
import { addVaultOptions, openVault, readVaultFlags, startCommand } from './setup.ts';

interface Options {
  readonly output?: string;
  readonly encryptVaultId?: string;
  readonly prompt?: boolean;
  readonly showInput?: boolean;
  readonly name?: string[];
  readonly stdinName?: string;
  readonly newVaultPasswordFile?: string;
  readonly newVaultId?: string;
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** `muster vault`: encrypts, decrypts, edits and shows files and values as ansible-vault does. */
const vaultCommand = (): Command => {
  const parent = new Command('muster vault').description('Encrypts and decrypts files and values.');
  const add = (name: string, description: string, argument: string): Command =>
    addVaultOptions(parent.command(name).description(description).argument(argument));
  const output = (command: Command): Command => command.option('--output <file>', 'write to a file; - is stdout');
  const encryptId = (command: Command): Command =>
    command.option('--encrypt-vault-id <id>', 'which password to encrypt with, when several are given');

  encryptId(add('create', 'writes a new encrypted file in the editor', '<file>')).action(create);
  encryptId(add('edit', 'changes an encrypted file in the editor', '<files...>')).action(edit);
  add('view', 'shows encrypted files', '<files...>').action(view);
  encryptId(output(add('encrypt', 'encrypts files, or stdin', '[files...]'))).action(encrypt);
  output(add('decrypt', 'decrypts files, or stdin', '[files...]')).action(decrypt);
  encryptId(output(add('encrypt_string', 'encrypts text to a value for a YAML file', '[texts...]')))
    .option('-p, --prompt', 'ask for the text')
    .option('--show-input', 'show the text while it is typed')
    .option('-n, --name <name>', 'the name of the variable; repeatable', collect)
    .option('--stdin-name <name>', 'the name of the variable that stdin is for')
    .action(encryptString);
  encryptId(add('rekey', 'encrypts files with another password', '<files...>'))
    .addOption(new Option('--new-vault-password-file <file>', 'a file with the new password').conflicts('newVaultId'))
    .option('--new-vault-id <id>', 'the new password: label@file or label@prompt')
    .action(rekey);
  return parent;
};

/** Runs the command with these arguments. */
export const vault = (args: readonly string[]): Promise<number> => runCommand(vaultCommand(), args);

const create = async (file: string, options: Options): Promise<void> => {
  const { vault, identity } = await openForEncryption(options);
  createFile(file, vault, identity);
};

const edit = async (files: string[], options: Options): Promise<void> => {
  const { vault } = await open(options);
  for (const file of files) editFile(file, vault);
};

const view = async (files: string[], options: Options): Promise<void> => {
  const { vault } = await open(options);
  for (const file of files) writeBytes(viewFile(file, vault), '-');
};

const encrypt = async (files: string[], options: Options): Promise<void> => {
  checkOutput(files, options);
  const { vault, identity } = await openForEncryption(options);
  if (files.length === 0) sayReading('Reading plaintext input from stdin');
  for (const file of orStdin(files)) encryptFile(file, vault, identity.id, options.output);
  say('Encryption successful');
};

const decrypt = async (files: string[], options: Options): Promise<void> => {
  checkOutput(files, options);
  const { vault } = await open(options);
  if (files.length === 0) sayReading('Reading ciphertext input from stdin');
  for (const file of orStdin(files)) decryptFile(file, vault, options.output);
  say('Decryption successful');
};

const rekey = async (files: string[], options: Options): Promise<void> => {
  const { vault, config, warn } = await open(options);
  const encryptId = options.encryptVaultId ?? config.vaultEncryptIdentity;
  const renewed = await loadVaultSecrets({
    vaultIds: [...(encryptId ? config.vaultIdentityList : []), ...(options.newVaultId ? [options.newVaultId] : [])],
    passwordFiles: options.newVaultPasswordFile ? [options.newVaultPasswordFile] : [],
    defaultId: config.vaultIdentity,
    alwaysAsk: true,
    isNew: true,
    ask: (prompt) => ask(prompt),
    warn,
  });
  for (const file of files) rekeyFile(file, vault, renewed, encryptId ?? renewed.identities[0]?.id);
  process.stderr.write('Rekey successful\n');
};

interface Plain {
  readonly text: Buffer;
  readonly source: string;
  readonly name: string | undefined;
}

const encryptString = async (texts: string[], options: Options): Promise<void> => {
  checkOutput(texts.filter((text) => text !== '-').slice(1), options);
  const readsStdin = texts.includes('-') || texts.length === 0 || options.stdinName !== undefined;
  if (options.prompt && texts.length > 0 && readsStdin) {
    throw new MusterError('The --prompt option is not supported if also reading input from stdin');
  }
  const { vault, identity } = await openForEncryption(options);
  const plains: Plain[] = [];
  if (options.prompt) plains.push(await askForText(options.showInput ?? false));
  else if (readsStdin) plains.push(readStdin(options.stdinName));
  plains.push(...namedArguments(texts, options.name ?? []));

  const values = plains.map(({ text, source, name }, index) => {
    if (text.length === 0) throw new MusterError(`The plaintext provided from ${source} was empty, not encrypting`);
    if (plains.length > 1) {
      const what = name
        ? `variable ("${name}", the string #${index + 1} from ${source})`
        : `the string #${index + 1} from ${source}`;
      process.stderr.write(`# The encrypted version of ${what}.\n`);
    }
    return formatForYaml(vault.encrypt(text, { id: identity.id }), name);
  });
  const toTerminal = options.output === undefined || options.output === '-';
  // As from ansible-vault, no line end follows in a file, but one does on a terminal.
  writeBytes(Buffer.from(values.join('\n') + (toTerminal && process.stdout.isTTY ? '\n' : '')), options.output ?? '-');
  say('Encryption successful');
};

const askForText = async (echo: boolean): Promise<Plain> => {
  const name = await ask('Variable name (enter for no name): ', { echo: true });
  const text = await ask(echo ? 'String to encrypt:' : 'String to encrypt (hidden): ', { echo });
  return { text: Buffer.from(text), source: 'the interactive prompt', name: name || undefined };
};

const readStdin = (name: string | undefined): Plain => {
  if (process.stdout.isTTY) process.stderr.write('Reading plaintext input from stdin. (ctrl-d to end input)\n');
  const text = readFileSync(0);
  if (text.length === 0) throw new MusterError('stdin was empty, not encrypting');
  return { text, source: 'stdin', name };
};

const namedArguments = (texts: readonly string[], names: readonly string[]): Plain[] => {
  const given = texts.filter((text) => text !== '-');
  if (names.length > 0 && given.length > names.length) {
    process.stderr.write(
      `The number of --name options do not match the number of args.\nThe last named variable will be "${names.at(-1)}". The rest will not have names.\n`,
    );
  }
  return given.map((text, index) => ({ text: Buffer.from(text), source: 'the command line args', name: names[index] }));
};

const open = async (
  options: Options,
): Promise<{ vault: VaultSecrets; config: Config; warn: (message: string) => void }> => {
  const { config, warn } = startCommand();
  return { vault: await openVault(readVaultFlags({ ...options }), config, { warn, alwaysAsk: true }), config, warn };
};

const openForEncryption = async (options: Options): Promise<{ vault: VaultSecrets; identity: VaultIdentity }> => {
  const { config, warn } = startCommand();
  const vault = await openVault(readVaultFlags({ ...options }), config, { warn, alwaysAsk: true, isNew: true });
  const id = options.encryptVaultId ?? config.vaultEncryptIdentity;
  if (vault.identities.length > 1 && id === undefined) {
    const ids = vault.identities.map((identity) => identity.id).join(',');
    throw new MusterError({
      message: `The vault-ids ${ids} are available to encrypt. Specify the vault-id to encrypt with --encrypt-vault-id`,
    });
  }
  return { vault, identity: vault.identityFor(id) };
};

const checkOutput = (files: readonly string[], { output }: Options): void => {
  if (output !== undefined && files.length > 1) {
    throw new MusterError('At most one input file may be used with the --output option');
  }
};

const orStdin = (files: readonly string[]): readonly string[] => (files.length === 0 ? ['-'] : files);

const say = (message: string): void => {
  if (process.stdout.isTTY) process.stderr.write(`${message}\n`);
};

const sayReading = (message: string): void => {
  if (process.stdin.isTTY) process.stderr.write(`${message}\n`);
};
