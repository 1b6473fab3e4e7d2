import { dirname, resolve } from 'node:path';
import { type Config, loadConfig } from '../config/index.ts';
import { AsyncJobs, type Gate, type Journal, type RunContext } from '../engine/index.ts';
import { EventBus } from '../events/index.ts';
import { Secrets } from '../events/secrets.ts';
import { Catalog, loadInventory } from '../inventory/index.ts';
import { loadModule, moduleNames, resolveModule } from '../modules/index.ts';
import type { LoadContext } from '../playbook/index.ts';
import type { Templar } from '../template/index.ts';
import { type Dict, dict, type Value } from '../values/index.ts';
import { LayeredScope, VariableStore } from '../variables/index.ts';
import type { VaultSecrets } from '../vault/index.ts';
import { connectionDefaults } from './connection-defaults.ts';
import { dynamicLoader } from './dynamic-loader.ts';
import { engineOptions } from './engine-options.ts';
import { hideSecretVars, readExtraVars } from './extra-vars.ts';
import { findInventory } from './find-named.ts';
import { inventoryRender } from './inventory-render.ts';
import { knownPlugins } from './known-plugins.ts';
import { type ModuleFilter, readModuleFilter } from './module-filter.ts';
import { openFactsCache } from './open-facts-cache.ts';
import { type Attendant, terminalAttendant } from './prompter.ts';
import type { RunFlags } from './run-options.ts';
import { inventorySettings, openVault } from './setup.ts';
import { openTargets } from './targets.ts';
import { openTemplar } from './templar.ts';
import { warnAt } from './warn-at.ts';

/** Everything that a command which works on hosts needs, put together from flags, configuration and sources. */
export interface Session {
  readonly config: Config;
  readonly bus: EventBus;
  readonly secrets: Secrets;
  readonly vault: VaultSecrets;
  readonly templar: Templar;
  readonly loading: LoadContext;
  readonly context: RunContext;
  readonly constants: Dict;
  /** Whether variables of the inventory stand in a file that is encrypted as a whole. */
  isEncrypted(variables: Dict): boolean;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** A journal as a session has it, which knows what is secret. */
export interface SessionJournal extends Omit<Journal, 'isSecret'> {
  /** Told of each file that is read, as it lies on the disk; `isContent` of those that tasks bring to hosts. */
  readonly noteFile: (path: string, bytes: Buffer, isContent?: boolean) => void;
}

/** What a session is opened with. */
export interface SessionOptions {
  readonly flags: RunFlags;
  /** The playbooks of the run: group_vars and host_vars stand beside them too. */
  readonly playbooks: readonly string[];
  /** Ends what runs. */
  readonly signal: AbortSignal;
  /** Lets nothing new begin; `signal`, where that is not given. */
  readonly stopping?: AbortSignal;
  /** Holds tasks back while the run is paused. */
  readonly gate?: Gate | undefined;
  /** Who is asked for passwords and answers; whoever is at the terminal, where that is not given. */
  readonly attendant?: Attendant | undefined;
  /** Remembers where variables of the inventory stand, for those who show them. */
  readonly keepsPlaces?: boolean | undefined;
  /** Where the run is written down, once it is known where; asked after `subscribe`. */
  readonly journal?: () => SessionJournal | undefined;
  /** Told of every event from the first warning on; made once it is known how to show them. */
  readonly subscribe: (bus: EventBus, config: Config) => void | Promise<void>;
}

/** Puts together what a run needs, from configuration, inventory and secrets; to be closed. Throws MusterError. */
export const openSession = async ({
  flags,
  playbooks,
  signal,
  stopping = signal,
  gate,
  attendant = terminalAttendant,
  keepsPlaces = false,
  subscribe,
  journal: openJournal,
}: SessionOptions): Promise<Session> => {
  const secrets = new Secrets();
  const bus = new EventBus((event) =>
    secrets.size === 0 ? event : (secrets.maskValue(event as never) as typeof event),
  );
  const encrypted = new WeakSet<Dict>();
  const early: string[] = [];
  const warn = warnOnce(bus);
  const config = loadConfig({ warn: (message) => void early.push(message) });
  await subscribe(bus, config);
  for (const message of early) warn(message);
  const journal = openJournal?.();

  const vault = await openVault(
    {
      vaultId: flags.vaultId ?? [],
      vaultPasswordFile: flags.vaultPasswordFile ?? [],
      askVaultPassword: flags.askVaultPass ?? false,
    },
    config,
    { warn, secrets, ask: attendant.askPassword, noteRead: journal?.noteFile },
  );
  const extraVars = readExtraVars(flags.extraVars ?? [], vault, warn);
  hideSecretVars(extraVars, flags.secret ?? [], config.secretVars, secrets);
  const templar = await openTemplar(config, vault);
  const render = (value: Value, vars: Dict): Value => templar.render(value, new LayeredScope([extraVars, vars]));
  const load = () =>
    loadInventory({
      ...inventorySettings(config),
      sources: (flags.inventory ?? config.inventory).map(findInventory),
      vault,
      warn,
      extraVars,
      openRender: () => inventoryRender(templar),
      keepsPlaces,
      onDecrypted: (variables) => {
        encrypted.add(variables);
        secrets.addAll(variables);
      },
    });
  const loaded = await load();
  const catalog = new Catalog(loaded, {
    playbookDirs: [...new Set(playbooks.map((file) => dirname(resolve(file))))],
    limit: flags.limit,
    precedence: config.variablePrecedence,
    mismatch: config.hostPatternMismatch,
    warn,
    reload: load,
  });
  const filter = readModuleFilter(config, warn);
  const loading: LoadContext = {
    ...loadSettings(config, flags),
    ...namesOfModules(filter),
    ...knownPlugins,
    vault,
    warn: warnAt(warn),
    render,
  };
  const targets = openTargets(config, warn);
  const connection = await connectionDefaults(flags, config, secrets, attendant.askPassword);
  const context: RunContext = {
    options: engineOptions(flags, config, connection),
    catalog,
    store: new VariableStore(extraVars, openFactsCache(flags, config)),
    templar,
    loader: dynamicLoader(loading, vault, (path, bytes) => journal?.noteFile(path, bytes, true)),
    bus,
    jobs: new AsyncJobs(),
    ...(journal && { journal: { ...journal, isSecret: (text) => secrets.isIn(text) } }),
    warn,
    prompter: attendant.prompter((text) => secrets.mask(text)),
    signal,
    stopping,
    gate,
    module: async (name) =>
      filter.rejecting(resolveModule(name) ?? name) === undefined ? loadModule(name) : undefined,
    target: (spec) => targets.target(spec),
    addSecret: (text) => secrets.add(text),
    resetConnection: (host) => targets.reset(host),
  };
  return {
    config,
    bus,
    secrets,
    vault,
    templar,
    loading,
    context,
    constants: runConstants(flags, config, context, loaded.sources),
    isEncrypted: (variables) => encrypted.has(variables),
    close: async () => {
      await context.jobs.stopWatching();
      await targets.close();
    },
  };
};

/** What the configuration says about how playbooks are read. */
const loadSettings = (config: Config, flags: RunFlags): Pick<LoadContext, 'config'> => ({
  config: {
    rolesPath: config.rolesPath,
    collectionsPath: config.collectionsPath,
    modulePath: config.library,
    duplicateKeys: config.duplicateDictKey,
    failOnUnknownKeyword: config.invalidTaskAttributeFailed,
    checkSchemas: flags.syntaxCheck ?? false,
  },
});

/** The modules that playbooks may name: all but those that the filter rejects. */
const namesOfModules = (filter: ModuleFilter): Pick<LoadContext, 'resolveModule' | 'rejecting' | 'moduleNames'> => ({
  resolveModule: (name) => {
    const module = resolveModule(name);
    return module !== undefined && filter.rejecting(module) === undefined ? module : undefined;
  },
  rejecting: (name) => filter.rejecting(resolveModule(name) ?? name),
  moduleNames,
});

/** The variables that are the same for every host and task. */
const runConstants = (flags: RunFlags, config: Config, { options }: RunContext, sources: readonly string[]): Dict =>
  dict({
    ansible_verbosity: flags.verbose ?? config.verbosity,
    ansible_inventory_sources: [...sources],
    ansible_run_tags: options.tags.length > 0 ? [...options.tags] : ['all'],
    ansible_skip_tags: [...options.skipTags],
    ...(flags.limit !== undefined && { ansible_limit: flags.limit }),
    ansible_config_file: config.configFile ?? null,
    ansible_playbook_python: '/usr/bin/python3',
  });

/** Tells of each thing once. */
const warnOnce = (bus: EventBus): ((message: string) => void) => {
  const warned = new Set<string>();
  return (message) => {
    if (warned.has(message)) return;
    warned.add(message);
    bus.emit({ type: 'warning', kind: 'warning', message });
  };
};
