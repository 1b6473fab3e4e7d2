import type { Dict, Value } from '../values/index.ts';

/** The types that Ansible knows for a module's argument; the rules of conversion are those of its argument_spec. */
export type ArgumentType =
  | 'str'
  | 'int'
  | 'float'
  | 'bool'
  | 'path'
  | 'list'
  | 'dict'
  | 'raw'
  | 'bytes'
  | 'bits'
  | 'json';

/** One argument of a module: its schema and its documentation in one. */
export interface ArgumentSpec {
  readonly type: ArgumentType;
  /** What it is for, a sentence or two. */
  readonly doc: string;
  readonly required?: true;
  /** What is said when it is required and not there, where Ansible has words of its own. */
  readonly whenMissing?: string;
  readonly default?: string | number | boolean | readonly (string | number)[] | Readonly<Record<string, string>>;
  readonly choices?: readonly (string | number | boolean)[];
  readonly aliases?: readonly string[];
  /** The type of a list's items. */
  readonly elements?: ArgumentType;
  /** The arguments inside a dict, or inside each dict of a list. */
  readonly options?: ArgumentSpecs;
  /** null is a value, too, and not the same as none. */
  readonly keepsNull?: true;
  /** Its value is secret: it is masked in everything that is shown or kept. */
  readonly secret?: true;
  /** The environment variable, of those that the task sets on its host, which has its value when none is given. */
  readonly fallback?: string;
  /** Ansible knows it and muster does not: giving it is an error with this reason. */
  readonly unsupported?: string;
}

export type ArgumentSpecs = Readonly<Record<string, ArgumentSpec>>;

/** Rules about several arguments, with the meaning that they have in Ansible's AnsibleModule. */
export interface ArgumentRules {
  readonly mutuallyExclusive?: readonly (readonly string[])[];
  readonly requiredTogether?: readonly (readonly string[])[];
  readonly requiredOneOf?: readonly (readonly string[])[];
  /** [argument, value, needed arguments, any of them is enough]. */
  readonly requiredIf?: readonly (readonly [string, string | number | boolean, readonly string[], boolean?])[];
  readonly requiredBy?: Readonly<Record<string, readonly string[]>>;
}

interface TypeOf {
  str: string;
  path: string;
  json: string;
  int: number;
  bytes: number;
  bits: number;
  float: number;
  bool: boolean;
  raw: Value;
  dict: Dict;
  list: Value[];
}

type Single<S extends ArgumentSpec> = S extends { choices: readonly (infer C)[] }
  ? C
  : S extends { type: 'list'; options: infer O extends ArgumentSpecs }
    ? ArgumentsOf<O>[]
    : S extends { type: 'list'; elements: infer E extends ArgumentType }
      ? TypeOf[E][]
      : S extends { type: 'dict'; options: infer O extends ArgumentSpecs }
        ? ArgumentsOf<O>
        : TypeOf[S['type']];

type Listed<S extends ArgumentSpec> = S extends { type: 'list'; choices: readonly (infer C)[] } ? C[] : Single<S>;

/** The type of the arguments that a module gets, worked out from their specs: what has no default may be undefined. */
export type ArgumentsOf<S extends ArgumentSpecs> = {
  readonly [K in keyof S]: S[K] extends { required: true } | { default: unknown }
    ? Listed<S[K]>
    : Listed<S[K]> | undefined;
};
