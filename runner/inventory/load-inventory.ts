import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { MusterError, type Problem, SourceError } from '../errors/index.ts';
import type { Decrypter } from '../playbook/yaml/index.ts';
import { type Dict, escapeRegex, pythonRegex } from '../values/index.ts';
import { isDirectory } from './files.ts';
import type { TransformGroupNames } from './group-names.ts';
import { Inventory } from './inventory.ts';
import { adjacentGroupVars, adjacentHostVars } from './layers.ts';
import { sourceKind, sourceKindNames } from './sources/auto.ts';
import type { OpenRender, SourceContext, SourceKind } from './sources/source.ts';
import { VarsFiles } from './vars-files.ts';

/** How inventories are read; each property is the setting of that name. */
export interface InventorySettings {
  readonly enabled?: readonly string[];
  readonly ignoreExtensions?: readonly string[];
  readonly ignorePatterns?: readonly string[];
  readonly unparsedWarning?: boolean;
  readonly unparsedIsFailed?: boolean;
  readonly anyUnparsedIsFailed?: boolean;
  readonly transformGroupNames?: TransformGroupNames;
  readonly mergesHashes?: boolean;
  readonly duplicateKeys?: 'error' | 'warn' | 'ignore';
  readonly yamlExtensions?: readonly string[];
  readonly variableExtensions?: readonly string[];
  readonly showsScriptErrors?: boolean;
  readonly usesExtraVars?: boolean;
}

export interface LoadInventoryOptions extends InventorySettings {
  /** What -i names: files, directories, scripts and lists of hosts, the first one the weakest. */
  readonly sources: readonly string[];
  readonly cwd?: string;
  readonly vault?: Decrypter | undefined;
  readonly warn?: (message: string) => void;
  /** Renders the templates of constructed inventories; called only when there is one. */
  readonly openRender?: OpenRender | undefined;
  readonly extraVars?: Dict;
  readonly facts?: (host: string) => Dict | undefined;
  readonly onDecrypted?: (variables: Dict) => void;
  /** Remembers where each variable stands, for those who show them. */
  readonly keepsPlaces?: boolean;
}

/** An inventory with what goes along with it. */
export interface LoadedInventory {
  readonly inventory: Inventory;
  /** The sources as absolute paths, lists as they were. */
  readonly sources: readonly string[];
  readonly varsFiles: VarsFiles;
}

const ignoredExtensions = '.pyc .pyo .swp .bak ~ .rpm .md .txt .rst .orig .ini .cfg .retry'.split(' ');

/** Reads all sources. What cannot be read is a warning, unless the settings say that it is an error. */
export const loadInventory = async (options: LoadInventoryOptions): Promise<LoadedInventory> => {
  const warned = new Set<string>();
  const warn = (message: string): void => {
    if (!warned.has(message)) options.warn?.(message);
    warned.add(message);
  };
  const inventory = new Inventory({
    mergesHashes: options.mergesHashes ?? false,
    transformGroupNames: options.transformGroupNames ?? 'never',
    keepsPlaces: options.keepsPlaces ?? false,
    warn,
  });
  const sources = options.sources.filter((source) => source !== '').map((source) => absolute(source, options.cwd));
  const varsFiles = new VarsFiles({
    extensions: options.variableExtensions ?? ['.yml', '.yaml', '.json'],
    mergesHashes: options.mergesHashes ?? false,
    duplicateKeys: options.duplicateKeys ?? 'warn',
    ...(options.vault && { vault: options.vault }),
    ...(options.onDecrypted && { onDecrypted: options.onDecrypted }),
    warn,
  });
  const reader = new SourceReader({ ...options, warn }, inventory, varsFiles);
  let isAnyRead = false;
  for (const source of sources) if (await reader.read(source)) isAnyRead = true;
  if (isAnyRead) inventory.reconcile();
  else if (options.unparsedIsFailed) {
    throw new MusterError({
      message: 'No inventory was parsed, please check your configuration and options.',
      hint: sources.length > 0 ? `none of these could be read: ${sources.join(', ')}` : '-i names an inventory',
    });
  } else if (options.unparsedWarning ?? true) {
    warn('No inventory was parsed, only implicit localhost is available');
  }
  return { inventory, sources, varsFiles };
};

class SourceReader {
  readonly #options: LoadInventoryOptions & { warn: (message: string) => void };
  readonly #context: SourceContext;
  readonly #kinds: readonly SourceKind[];
  readonly #ignored: (name: string) => boolean;
  /** What was read so far: constructed inventories look beside it for variables. */
  readonly #done: string[] = [];

  constructor(
    options: LoadInventoryOptions & { warn: (message: string) => void },
    inventory: Inventory,
    varsFiles: VarsFiles,
  ) {
    this.#options = options;
    this.#kinds = enabledKinds(options);
    this.#ignored = ignoredNames(options);
    this.#context = {
      inventory,
      warn: options.warn,
      vault: options.vault,
      duplicateKeys: options.duplicateKeys ?? 'warn',
      yamlExtensions: options.yamlExtensions ?? ['.yaml', '.yml', '.json'],
      variableExtensions: options.variableExtensions ?? ['.yml', '.yaml', '.json'],
      showsScriptErrors: options.showsScriptErrors ?? true,
      usesExtraVars: options.usesExtraVars ?? false,
      openRender: options.openRender,
      extraVars: options.extraVars ?? new Map(),
      facts: options.facts ?? (() => undefined),
      adjacentVars: (name, kind) => {
        const host = inventory.hosts.get(name)!;
        const find = kind === 'group' ? adjacentGroupVars : adjacentHostVars;
        return find({ inventory, sources: this.#done, varsFiles }, host);
      },
    };
  }

  // True when the source, or anything in the directory, could be read.
  async read(source: string): Promise<boolean> {
    if (isDirectory(source)) {
      let isAnyRead = false;
      for (const entry of readdirSync(source).sort()) {
        if (!this.#ignored(entry) && (await this.read(join(source, entry)))) isAnyRead = true;
      }
      return isAnyRead;
    }
    const { inventory } = this.#context;
    inventory.startSource(source);
    const failures: { kind: SourceKind; error: MusterError }[] = [];
    try {
      for (const kind of this.#kinds) {
        if (!kind.accepts(source, this.#context)) continue;
        try {
          await kind.read(source, this.#context);
          this.#done.push(source);
          return true;
        } catch (error) {
          if (!(error instanceof MusterError)) throw error;
          failures.push({ kind, error });
        }
      }
    } finally {
      inventory.startSource(undefined);
    }
    this.#report(source, failures);
    return false;
  }

  #report(source: string, failures: readonly { kind: SourceKind; error: MusterError }[]): void {
    // The standard place may well be missing.
    if (source === '/etc/ansible/hosts' && !existsSync(source)) return;
    const problems = mostTelling(source, failures);
    if (this.#options.anyUnparsedIsFailed) {
      throw new MusterError([{ message: `Completely failed to parse inventory source ${source}` }, ...problems]);
    }
    for (const { kind, error } of failures) {
      if (!error.problems.some((problem) => problems.includes(problem))) continue;
      this.#options.warn(`Failed to parse ${source} with ${kind.name} plugin: ${withPlaces(error)}`);
    }
    this.#options.warn(`Unable to parse ${source} as an inventory source`);
  }
}

const enabledKinds = ({ enabled, warn }: LoadInventoryOptions): SourceKind[] => {
  const kinds: SourceKind[] = [];
  for (const name of enabled ?? ['host_list', 'script', 'auto', 'yaml', 'ini', 'toml']) {
    const kind = sourceKind(name);
    if (kind) kinds.push(kind);
    else warn?.(`Failed to load inventory plugin, skipping ${name}`);
  }
  if (kinds.length > 0) return kinds;
  throw new SourceError({
    message: 'No inventory plugins available to generate inventory, make sure you have at least one enabled.',
    expected: `any of ${sourceKindNames.join(', ')} in enable_plugins`,
  });
};

// Hidden files, variables, and what the settings leave out.
const ignoredNames = ({ ignoreExtensions, ignorePatterns = [] }: LoadInventoryOptions): ((name: string) => boolean) => {
  const patterns = [
    String.raw`^\.`,
    '^host_vars$',
    '^group_vars$',
    '^vars_plugins$',
    ...ignorePatterns,
    ...(ignoreExtensions ?? ignoredExtensions).map((extension) => `${escapeRegex(extension)}$`),
  ].map((pattern) => pythonRegex(pattern));
  return (name) => patterns.some((pattern) => pattern.search(name) !== undefined);
};

// Every kind was tried, but the user had one of them in mind: only its complaint is worth reading.
const mostTelling = (
  source: string,
  failures: readonly { kind: SourceKind; error: MusterError }[],
): readonly Problem[] => {
  const wanted = failures.filter(({ kind, error }) => {
    if (kind.name === 'auto') return !error.message.startsWith("no root 'plugin' key");
    if (kind.name === 'yaml') return !error.message.startsWith('Plugin configuration') && extname(source) !== '';
    return kind.name === 'ini' ? !['.yml', '.yaml', '.json', '.toml'].includes(extname(source)) : true;
  });
  const script = wanted.filter(({ kind }) => kind.name === 'script');
  return (script.length > 0 ? script : wanted.length > 0 ? wanted : failures).flatMap(({ error }) => error.problems);
};

const withPlaces = (error: MusterError): string =>
  error.problems
    .map(({ message, origin, expected, hint }) => {
      const place = origin ? `${origin.file}:${origin.line}:${origin.column}: ` : '';
      return [place + message, expected && `expected: ${expected}`, hint && `hint: ${hint}`]
        .filter(Boolean)
        .join('\n  ');
    })
    .join('\n');

// Lists of hosts are no paths.
const absolute = (source: string, cwd = process.cwd()): string =>
  source.includes(',')
    ? source
    : resolve(cwd, expandVariables(source).replace(/^~(?=\/|$)/, process.env.HOME ?? homedir()));

const expandVariables = (text: string): string =>
  text.replace(
    /\$(\w+)|\$\{([^}]*)\}/g,
    (whole, plain?: string, braced?: string) => process.env[plain ?? braced!] ?? whole,
  );
