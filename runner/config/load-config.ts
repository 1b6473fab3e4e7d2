import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type Origin, type Problem, SettingError } from '../errors/index.ts';
import type { Value } from '../values/index.ts';
import { checkFiles, checkVariables } from './check.ts';
import { type Converted, convertSetting } from './convert.ts';
import { findConfigFile } from './find-files.ts';
import { type Ini, readIni } from './read-ini.ts';
import type { Setting } from './setting.ts';
import { allSettings, type ConfigValues, type SettingKey } from './table.ts';

export interface ConfigOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly warn?: (message: string) => void;
}

/** Where a value comes from. */
export interface ConfigSource {
  readonly kind: 'default' | 'environment' | 'file';
  /** The environment variable, or the file. */
  readonly name: string;
  readonly origin?: Origin;
}

/** All settings of a run as properties, and where they come from. */
export interface Config extends ConfigValues {
  /** The ansible.cfg that was read. */
  readonly configFile: string | undefined;
  /** All files that were read, the strongest first. */
  readonly configFiles: readonly string[];
  sourceOf(key: SettingKey): ConfigSource;
  /** A setting by Ansible's name (`DEFAULT_FORKS`), or by a plugin's option; undefined when there is none such. */
  lookup(name: string, pluginType?: string): Value | undefined;
}

interface ConfigFile {
  readonly path: string;
  readonly ini: Ini;
}

interface Found {
  readonly value: Converted | undefined;
  readonly source: ConfigSource;
}

/** Reads the configuration. Unknown and unsupported settings are warned of; bad values throw SettingError, all at once. */
export const loadConfig = (options: ConfigOptions = {}): Config => {
  const { cwd = process.cwd(), env = process.env, warn = () => {} } = options;
  const files: ConfigFile[] = [];
  for (const name of ['muster.cfg', 'ansible.cfg'] as const) {
    const path = findConfigFile(name, { cwd, env, warn });
    if (path !== undefined) files.push({ path, ini: readFile(path) });
  }
  checkFiles(files, warn);
  checkVariables(env, warn);

  const problems: Problem[] = [];
  const found = new Map<string, Found>();
  const context = { cwd, env };
  const home = readSetting(allSettings.ansibleHome, files, context, '', problems);
  for (const [key, setting] of Object.entries<Setting>(allSettings)) {
    const result = readSetting(setting, files, context, String(home.value), problems);
    if (result.source.kind !== 'default' && setting.unsupported !== undefined && differs(result, setting)) {
      warn(`${describe(result.source)}: muster does not support ${settingLabel(setting)}: ${setting.unsupported}`);
    }
    found.set(key, result);
  }
  if (problems.length > 0) throw new SettingError(problems);
  const values = Object.fromEntries([...found].map(([key, { value }]) => [key, value])) as unknown as ConfigValues;
  return {
    ...values,
    configFile: files.find(({ path }) => !path.endsWith('muster.cfg'))?.path,
    configFiles: files.map(({ path }) => path),
    sourceOf: (key) => found.get(key)!.source,
    lookup: (name, pluginType) => lookup(found, name, pluginType, files),
  };
};

/** `env: ANSIBLE_FORKS`, `/etc/ansible/ansible.cfg:3` or `default`. */
export const describe = ({ kind, name, origin }: ConfigSource): string =>
  kind === 'environment' ? `env: ${name}` : origin ? `${origin.file}:${origin.line}` : name;

const settingLabel = (setting: Setting): string => setting.ini?.at(-1)?.split('.').slice(1).join('.') ?? setting.name;

const differs = ({ value }: Found, setting: Setting): boolean => String(value) !== String(setting.default);

const readFile = (path: string): Ini => {
  if (!['.ini', '.cfg'].includes(extname(path))) {
    throw new SettingError({
      message: `Unsupported configuration file extension for ${path}`,
      expected: 'a name that ends in .cfg or .ini',
    });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    throw new SettingError(`the configuration file ${path} cannot be read: ${(error as Error).message}`);
  }
  return readIni(text, path);
};

const readSetting = (
  setting: Setting,
  files: readonly ConfigFile[],
  context: { cwd: string; env: NodeJS.ProcessEnv },
  home: string,
  problems: Problem[],
): Found => {
  const given = fromEnvironment(setting, context.env) ?? fromFiles(setting, files);
  if (given) {
    try {
      const value = convertSetting(given.text, setting.type, { ...context, file: given.source.origin?.file });
      const wrong = wrongChoice(value, setting);
      if (wrong === undefined) return { value, source: given.source };
      problems.push({
        message: `${settingLabel(setting)} cannot be ${JSON.stringify(wrong)} (${describe(given.source)})`,
        origin: given.source.origin,
        expected: `one of ${setting.choices!.join(', ')}`,
      });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // An empty environment variable that is to be a number counts as not set.
      if (given.source.kind !== 'environment' || given.text !== '') {
        problems.push({
          message: `${settingLabel(setting)} cannot be ${JSON.stringify(given.text)} (${describe(given.source)})`,
          origin: given.source.origin,
          expected: error.message,
        });
      }
    }
  }
  const source: ConfigSource = { kind: 'default', name: 'default' };
  const standard = setting.default;
  if (standard === null) return { value: undefined, source };
  return {
    value:
      typeof standard === 'string'
        ? convertSetting(standard.replaceAll('{home}', home), setting.type, context)
        : standard,
    source,
  };
};

interface Given {
  readonly text: string;
  readonly source: ConfigSource;
}

const fromEnvironment = (setting: Setting, env: NodeJS.ProcessEnv): Given | undefined => {
  const names = setting.env ?? [];
  for (const name of [...names.map(musterName).reverse(), ...[...names].reverse()]) {
    const text = env[name];
    if (text !== undefined) return { text, source: { kind: 'environment', name } };
  }
  return undefined;
};

const musterName = (name: string): string => name.replace(/^ANSIBLE_/, 'MUSTER_');

const fromFiles = (setting: Setting, files: readonly ConfigFile[]): Given | undefined => {
  for (const { path, ini } of files) {
    for (const place of [...(setting.ini ?? [])].reverse()) {
      const [section, key] = splitPlace(place);
      const value = ini.get(section)?.get(key);
      if (value) {
        const origin = { file: path, line: value.line, column: 1 };
        return { text: value.text, source: { kind: 'file', name: path, origin } };
      }
    }
  }
  return undefined;
};

/** `section.key` taken apart. */
const splitPlace = (place: string): [section: string, key: string] => {
  const dot = place.indexOf('.');
  return [place.slice(0, dot), place.slice(dot + 1)];
};

const wrongChoice = (value: Converted, { choices }: Setting): string | undefined => {
  if (!choices) return undefined;
  const chosen = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
  return chosen.find((one) => !choices.includes(one));
};

const lookup = (
  found: ReadonlyMap<string, Found>,
  name: string,
  pluginType: string | undefined,
  files: readonly ConfigFile[],
): Value | undefined => {
  if (pluginType === undefined && name === 'CONFIG_FILE')
    return files.find(({ path }) => !path.endsWith('muster.cfg'))?.path ?? null;
  const wanted = pluginType === undefined ? undefined : `${pluginType}.${name}`;
  for (const [key, setting] of Object.entries<Setting>(allSettings)) {
    if (wanted === undefined ? setting.name !== name : setting.plugin !== wanted) continue;
    const { value } = found.get(key)!;
    if (value === undefined) return null;
    return Array.isArray(value) ? [...(value as readonly string[])] : (value as string | number | boolean);
  }
  return undefined;
};
