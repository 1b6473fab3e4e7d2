import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { didYouMean, MusterError } from '../errors/index.ts';
import {
  drawGraph,
  dumpToml,
  type Host,
  Listing,
  loadInventory,
  readLimit,
  selectHosts,
  splitPattern,
  type VariableSources,
  withMarks,
} from '../inventory/index.ts';
import { type Dict, dumpJson, dumpYaml } from '../values/index.ts';
import { readExtraVars } from './extra-vars.ts';
import { findInventory } from './find-named.ts';
import { runCommand } from './parse-command.ts';
import { addVaultOptions, inventorySettings, openVault, readVaultFlags, startCommand } from './setup.ts';

interface Options {
  readonly inventory?: string[];
  readonly inventoryFile?: string[];
  readonly list?: boolean;
  readonly host?: string;
  readonly graph?: boolean;
  readonly yaml?: boolean;
  readonly toml?: boolean;
  readonly vars?: boolean;
  readonly export?: boolean;
  readonly output?: string;
  readonly limit?: string[];
  readonly playbookDir?: string;
  readonly extraVars?: string[];
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** `muster inventory`: shows hosts, groups and variables as ansible-inventory does. */
const inventoryCommand = (): Command => {
  const command = new Command('muster inventory')
    .description('Shows hosts, groups and their variables.')
    .argument('[group]', 'the group that --graph begins at', 'all')
    .option('-i, --inventory <source>', 'inventory file, directory, script, or list of hosts; repeatable', collect)
    .addOption(new Option('--inventory-file <source>').hideHelp().argParser(collect))
    .option('--list', 'all hosts and groups, as an inventory script prints them')
    .option('--host <host>', 'the variables of one host')
    .option('--graph', 'groups and hosts as a tree')
    .option('-y, --yaml', 'YAML instead of JSON')
    .option('--toml', 'TOML instead of JSON')
    .option('--vars', 'variables too, in the tree')
    .option('--export', 'variables where they are set, instead of what each host sees')
    .option('--output <file>', 'write to a file')
    .option('-l, --limit <pattern>', 'only these hosts; repeatable', collect)
    .option('--playbook-dir <directory>', 'where a playbook would be: its group_vars and host_vars count too')
    .option('-e, --extra-vars <variables>', 'variables as key=value, JSON, YAML or @file; repeatable', collect);
  return addVaultOptions(command).action((group: string, options: Options) => run(group, options));
};

/** Runs the command with these arguments. */
export const inventory = (args: readonly string[]): Promise<number> => runCommand(inventoryCommand(), args);

const run = async (group: string, options: Options): Promise<void> => {
  const actions = [options.list, options.host !== undefined, options.graph].filter(Boolean).length;
  if (actions === 0) {
    throw new MusterError('No action selected, at least one of --host, --graph or --list needs to be specified.');
  }
  if (actions > 1) {
    throw new MusterError(
      'Conflicting options used, only one of --host, --graph or --list can be used at the same time.',
    );
  }
  const text = await show(group, options);
  if (options.output === undefined) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  else writeFileSync(options.output, text);
};

const show = async (groupName: string, options: Options): Promise<string> => {
  const { config, secrets, warn } = startCommand();
  const vault = await openVault(readVaultFlags({ ...options }), config, { warn, secrets });
  const extraVars = readExtraVars(options.extraVars ?? [], vault, warn);
  const given = [...(options.inventory ?? []), ...(options.inventoryFile ?? [])];
  const loaded = await loadInventory({
    ...inventorySettings(config),
    sources: (given.length > 0 ? given : config.inventory).map(findInventory),
    vault,
    warn,
    extraVars,
    openRender: async () => {
      const [{ inventoryRender }, { openTemplar }] = await Promise.all([
        import('./inventory-render.ts'),
        import('./templar.ts'),
      ]);
      return inventoryRender(openTemplar(config, vault));
    },
  });
  const playbookDir = options.playbookDir ?? config.playbookDir;
  const from: VariableSources = {
    ...loaded,
    precedence: config.variablePrecedence,
    ...(playbookDir !== undefined && { playbookDirs: [playbookDir] }),
  };
  const { inventory } = loaded;
  const selecting = { mismatch: config.hostPatternMismatch, warn };
  const limit = options.limit && new Set<Host>(selectHosts(inventory, readLimit(options.limit), selecting));
  const isExport = options.export ?? config.inventoryExport;
  const listing = new Listing(from, { isExport, extraVars, limit });

  if (options.graph) {
    const start = inventory.groups.get(groupName);
    if (!start) {
      throw new MusterError({
        message: 'Pattern must be valid group name when using --graph',
        hint: didYouMean(groupName, [...inventory.groups.keys()]) ?? "'muster inventory --graph' shows all groups",
      });
    }
    return drawGraph(start, listing, { showsVars: options.vars ?? false, limit });
  }
  if (options.host !== undefined) {
    const hosts = selectHosts(inventory, splitPattern(options.host), selecting);
    if (hosts.length !== 1) {
      throw new MusterError({
        message: 'You must pass a single valid host to --host parameter',
        hint:
          hosts.length > 1
            ? `'${options.host}' means ${hosts.length} hosts; --list shows those of --limit`
            : (didYouMean(options.host, [...inventory.hosts.keys()]) ?? "'muster inventory --graph' shows all hosts"),
      });
    }
    return print(listing.hostVars(hosts[0]!), options);
  }
  if (options.yaml) return print(listing.yamlForm(), options);
  return print(options.toml ? listing.tomlForm() : listing.scriptForm(), options);
};

const print = (value: Dict, options: Options): string => {
  if (options.yaml) return dumpYaml(value, { flowStyle: false, allowUnicode: true });
  if (options.toml) return dumpToml(value);
  return dumpJson(withMarks(value), { indent: 4, sortKeys: true, ensureAscii: false });
};
