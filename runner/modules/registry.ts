import { readdirSync, readFileSync } from 'node:fs';
import type { Module } from './define.ts';
import { type ModuleEntry, moduleEntries } from './module-entries.ts';

// From source the modules lie beside this file; in the build they are files of their own in a folder, with an index.
const isSource = import.meta.url.endsWith('.ts');
const folder = new URL(isSource ? './' : './modules/', import.meta.url);

const loaded = new Map<string, Promise<Module>>();
let entries: ReadonlyMap<string, ModuleEntry> | undefined;

/** Every module by each of its names: full, short, and `ansible.legacy.`. Reads no module. */
const index = (): ReadonlyMap<string, ModuleEntry> => {
  if (!entries) {
    const list = isSource
      ? readSources()
      : (JSON.parse(readFileSync(new URL('index.json', folder), 'utf8')) as ModuleEntry[]);
    entries = new Map(list.flatMap((entry) => entry.names.map((name) => [name, entry])));
  }
  return entries;
};

const readSources = (): ModuleEntry[] =>
  readdirSync(folder).flatMap((file) => moduleEntries(file, () => readFileSync(new URL(file, folder), 'utf8')));

/** The full name of the module that a short or full name means; undefined when muster has none. */
export const resolveModule = (name: string): string | undefined => index().get(name)?.name;

/** The short and full names of all modules. */
export const moduleNames = (): string[] => [...index().keys()];

/** The full names of all modules, sorted. */
export const allModules = (): string[] => [...new Set([...index().values()].map(({ name }) => name))].sort();

/** A module by any of its names, read on first use; undefined when muster has none. */
export const loadModule = (name: string): Promise<Module | undefined> => {
  const entry = index().get(name);
  if (!entry) return Promise.resolve(undefined);
  let module = loaded.get(entry.file);
  if (!module) {
    module = import(new URL(isSource ? entry.file : entry.file.replace(/\.ts$/, '.js'), folder).href).then(
      (imported: { default: Module }) => imported.default,
    );
    loaded.set(entry.file, module);
  }
  return module;
};
