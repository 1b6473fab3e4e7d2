import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Option {
  readonly description?: string | readonly string[];
  readonly type?: string;
  readonly elements?: string;
  readonly required?: boolean;
  readonly default?: unknown;
  readonly choices?: readonly unknown[];
  readonly options?: Readonly<Record<string, Option>>;
}

interface Entry {
  readonly short_description?: string;
  readonly options?: Readonly<Record<string, Option>>;
}

interface Row {
  readonly name: string;
  readonly option: Option;
  /** As it stands in the role's defaults. */
  readonly standing: unknown;
}

const start = '<!-- variables: made by npm run docs:roles -->';
const end = '<!-- end of variables -->';

/** The README of a role with the tables of its variables as its argument specs and defaults have them now. */
export const withTables = async (role: string): Promise<string> => {
  const readme = await readFile(join(role, 'README.md'), 'utf8');
  const before = readme.indexOf(start);
  const after = readme.indexOf(end);
  if (before === -1 || after < before) throw new Error(`${role}/README.md lacks the lines '${start}' and '${end}'`);
  const tables = await tablesOf(role);
  return `${readme.slice(0, before)}${start}\n\n${tables}\n${readme.slice(after)}`;
};

const tablesOf = async (role: string): Promise<string> => {
  const read = async (path: string): Promise<unknown> => parse(await readFile(join(role, path), 'utf8'));
  const { argument_specs: specs } = (await read('meta/argument_specs.yml')) as {
    argument_specs: Record<string, Entry>;
  };
  const defaults = ((await read('defaults/main.yml')) ?? {}) as Record<string, unknown>;
  checkDefaults(role, specs, defaults);
  const entries = Object.entries(specs).filter(([, { options }]) => Object.keys(options ?? {}).length > 0);
  const parts = entries.map(([name, { options }]) => {
    const title = entries.length === 1 ? '' : `For \`tasks_from: ${name}\`:\n\n`;
    const rows = Object.entries(options ?? {}).flatMap(([key, option]) => rowsOf(key, option, defaults[key]));
    return `${title}| variable | type | default | what it is |\n| --- | --- | --- | --- |\n${rows.map(line).join('')}`;
  });
  return parts.join('\n');
};

// Defaults and specs are two files that must say the same.
const checkDefaults = (role: string, specs: Record<string, Entry>, defaults: Record<string, unknown>): void => {
  const declared = Object.values(specs).flatMap(({ options }) => Object.entries(options ?? {}));
  const names = new Set(declared.map(([name]) => name));
  const unknown = Object.keys(defaults).filter((name) => !names.has(name));
  if (unknown.length > 0) throw new Error(`${role}: defaults that no argument spec declares: ${unknown.join(', ')}`);
  for (const [name, option] of declared) {
    if (option.default === undefined) continue;
    if (JSON.stringify(option.default) !== JSON.stringify(defaults[name]))
      throw new Error(`${role}: the argument spec and the defaults differ in the default of ${name}`);
  }
};

const rowsOf = (name: string, option: Option, standing: unknown): Row[] => [
  { name, option, standing },
  ...Object.entries(option.options ?? {}).flatMap(([key, inner]) =>
    rowsOf(`${name}${option.type === 'list' ? '[]' : ''}.${key}`, inner, undefined),
  ),
];

const line = ({ name, option, standing }: Row): string => {
  const description = [option.description ?? ''].flat().join(' ');
  const choices = option.choices === undefined ? '' : ` One of ${option.choices.map(code).join(', ')}.`;
  const cells = [`\`${name}\``, typeOf(option), defaultOf(option, standing), `${plain(description)}${choices}`];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |\n`;
};

const typeOf = ({ type = 'str', elements }: Option): string =>
  type === 'list' && elements !== undefined ? `list of ${elements}` : type;

const defaultOf = (option: Option, standing: unknown): string => {
  if (option.required === true) return 'required';
  const value = standing ?? option.default;
  return value === undefined || value === null || value === '' ? '' : code(value);
};

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** Ansible's marks for code, options, values and emphasis, as Markdown. */
const plain = (text: string): string =>
  text
    .replace(/\b[COVPEM]\(([^)]*)\)/g, '`$1`')
    .replace(/\bI\(([^)]*)\)/g, '*$1*')
    .replace(/\bB\(([^)]*)\)/g, '**$1**')
    .trim();
