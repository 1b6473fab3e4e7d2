/** The types of settings, with Ansible's rules for reading each from text. */
export type SettingType = 'bool' | 'int' | 'float' | 'str' | 'list' | 'path' | 'pathlist' | 'pathspec';

/** One setting: where it can be set, what it is when it is not, and what it does. */
export interface Setting {
  /** Ansible's name, as `lookup('config', …)` takes it. */
  readonly name: string;
  readonly type: SettingType;
  /** Text and lists are read like a value from a file; `{home}` is Ansible's home directory. null: not set. */
  readonly default: string | number | boolean | null | readonly string[];
  /** Environment variables, the strongest last. Each `ANSIBLE_X` also works as `MUSTER_X`, which is stronger. */
  readonly env?: readonly string[];
  /** `section.key`s of the configuration file, the strongest last. */
  readonly ini?: readonly string[];
  readonly choices?: readonly string[];
  readonly doc: string;
  /** `type.option` of the plugin that the option belongs to in Ansible: `lookup('config', option, plugin_type=type)`. */
  readonly plugin?: string;
  /** It does nothing in muster, and setting it is worth a warning: why, or what to do instead. */
  readonly unsupported?: string;
}

export type Settings = Readonly<Record<string, Setting>>;

interface TypeOf {
  bool: boolean;
  int: number;
  float: number;
  str: string;
  list: readonly string[];
  path: string;
  pathlist: readonly string[];
  pathspec: readonly string[];
}

type Chosen<S extends Setting> = S extends { choices: readonly (infer C)[] }
  ? S['type'] extends 'list'
    ? readonly C[]
    : C
  : TypeOf[S['type']];

/** The type of a setting's value: what has no default may be undefined. */
export type SettingValue<S extends Setting> = S['default'] extends null ? Chosen<S> | undefined : Chosen<S>;

/** Declares settings, keeping their exact types. */
export const settings = <const T extends Settings>(table: T): T => table;
