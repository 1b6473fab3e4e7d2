import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const here = import.meta.dirname;
const root = join(here, 'playbooks');

/** A playbook to be compared. Its first lines may say how it is run, as comments: `# options: …`. */
export interface Case {
  /** Its path below `playbooks/`. */
  readonly name: string;
  readonly file: string;
  readonly inventory: string;
  /** Further arguments of the command line. */
  readonly options: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Hosts go their own ways (`# order: per host`). */
  readonly perHost: boolean;
  /** A difference that is meant to be, and why (`# differs: …`). */
  readonly differs: string | undefined;
  /** Of the playbook and all that it may use. */
  readonly hash: string;
}

export const themes = (): string[] =>
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** The playbooks of a theme: the files on its top level. What stands in folders there is for all of them. */
export const casesOf = (theme: string): Case[] => {
  const directory = join(root, theme);
  const shared = hashOf([
    ...filesBelow(directory).filter((file) => relative(directory, file).includes('/')),
    ...common,
  ]);
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yml'))
    .map(({ name }) => readCase(join(directory, name), `${theme}/${name}`, shared))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
};

const common = ['ansible.cfg', 'inventory.yml'].map((name) => join(here, name));

const readCase = (file: string, name: string, shared: string): Case => {
  const text = readFileSync(file, 'utf8');
  const inventory = join(file, '..', 'inventory');
  return {
    name,
    file,
    inventory: existsSync(inventory) ? inventory : join(here, 'inventory.yml'),
    options: words(heading(text, 'options')),
    environment: Object.fromEntries(words(heading(text, 'environment')).map((word) => word.split('=', 2))),
    differs: heading(text, 'differs') || undefined,
    perHost: heading(text, 'order') === 'per host',
    hash: createHash('sha256').update(shared).update(text).digest('hex').slice(0, 16),
  };
};

const heading = (text: string, name: string): string =>
  new RegExp(`^# ${name}: (.*)$`, 'm').exec(text.split(/^[^#]/m, 1)[0] ?? '')?.[1] ?? '';

/** Words between spaces; quotes hold a word together. */
const words = (text: string): string[] =>
  [...text.matchAll(/(?:[^\s']+|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''));

const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const hashOf = (files: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(relative(here, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
};
