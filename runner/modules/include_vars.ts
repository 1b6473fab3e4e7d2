import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { ModuleFailure } from '../errors/index.ts';
import { type Dict, type ResultObject, toText, type Value } from '../values/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { type Controller, defineAction } from './define.ts';

const args = {
  file: { type: 'path', doc: "The file; looked for in the role's `vars/` first." },
  dir: { type: 'path', doc: 'A folder whose files are all loaded, in the order of their names.' },
  name: { type: 'str', doc: 'A variable that holds what was loaded, instead of one variable for each name.' },
  depth: { type: 'int', default: 0, doc: 'How many levels of folders are gone into; 0: all.' },
  files_matching: { type: 'str', doc: 'Of `dir`, only files whose name matches this regular expression.' },
  ignore_files: { type: 'list', elements: 'str', doc: 'Of `dir`, files that are left out: regular expressions.' },
  extensions: {
    type: 'list',
    elements: 'str',
    default: ['yaml', 'yml', 'json'],
    doc: 'What names of files may end with.',
  },
  ignore_unknown_extensions: {
    type: 'bool',
    default: false,
    doc: 'Passes over files that end otherwise, instead of failing.',
  },
  hash_behaviour: {
    type: 'str',
    choices: ['replace', 'merge'],
    doc: 'Whether mappings of the same name are joined.',
  },
} as const;

type Args = ArgumentsOf<typeof args>;

export default defineAction({
  name: 'ansible.builtin.include_vars',
  summary: 'Loads variables from files while the play runs.',
  args,
  freeForm: 'file',
  mutuallyExclusive: [['file', 'dir']],
  returns: {
    ansible_facts: 'the variables that were loaded',
    ansible_included_var_files: 'the files that they came from',
  },
  supports: { check: 'full', diff: false },
  onController: true,
  run: async (given, { controller }) => {
    try {
      return await includeVars(given, controller);
    } catch (error) {
      // Ansible has the reason under another name.
      if (error instanceof ModuleFailure) throw new ModuleFailure(error.message, { message: error.message });
      throw error;
    }
  },
});

const includeVars = async (given: Args, controller: Controller): Promise<ResultObject> => {
  if (given.dir === undefined && !given.file) throw new ModuleFailure('Could not find file on the muster controller.');
  const files =
    given.dir === undefined
      ? [await controller.find('vars', given.file!.replace(/\n+$/, ''))]
      : await filesOf(given.dir, given, controller);
  const loaded: Dict = new Map();
  for (const file of files) {
    for (const [key, value] of load(file, controller)) loaded.set(key, value);
  }
  const facts: Dict = given.name === undefined ? loaded : new Map([[given.name, loaded]]);
  // What the host has already is merged with; files of one folder replace each other's mappings all the same.
  if (given.hash_behaviour === 'merge') {
    for (const [key, value] of facts) facts.set(key, merged(controller.variable(toText(key)), value));
  }
  return { changed: false, ansible_facts: facts, ansible_included_var_files: files };
};

const filesOf = async (dir: string, selection: Args, controller: Controller): Promise<string[]> => {
  const root = await controller.find('vars', dir);
  const files: string[] = [];
  const visit = async (folder: string, level: number): Promise<void> => {
    const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries)
      if (!entry.isDirectory() && isWanted(join(folder, entry.name), selection)) files.push(join(folder, entry.name));
    if (selection.depth !== 0 && level >= selection.depth) return;
    for (const entry of entries) if (entry.isDirectory()) await visit(join(folder, entry.name), level + 1);
  };
  try {
    await visit(root, 1);
  } catch (error) {
    throw new ModuleFailure(`${root} directory does not exist or cannot be read: ${(error as Error).message}`);
  }
  return files;
};

const isWanted = (file: string, selection: Args): boolean => {
  const name = basename(file);
  if (selection.ignore_files?.some((pattern) => new RegExp(`${pattern}$`).test(name))) return false;
  if (selection.files_matching !== undefined && !new RegExp(selection.files_matching).test(name)) return false;
  if (selection.extensions.includes(extname(name).slice(1))) return true;
  if (selection.ignore_unknown_extensions || selection.files_matching !== undefined) return false;
  throw new ModuleFailure(`${file} does not have a valid extension: ${selection.extensions.join(', ')}`);
};

const load = (file: string, controller: Controller): Dict => {
  const loaded = controller.loadVars(file);
  if (!(loaded instanceof Map)) throw new ModuleFailure(`${file} must be stored as a dictionary/hash`);
  return loaded;
};

const merged = (old: Value | undefined, value: Value): Value =>
  old instanceof Map && value instanceof Map
    ? new Map([...old, ...[...value].map(([key, item]) => [key, merged(old.get(key), item)] as const)])
    : value;
