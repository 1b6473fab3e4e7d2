import { TemplateError } from '../errors/index.ts';
import { type Dict, toText, tuple, type Value } from '../values/index.ts';
import type { CallContext } from './types.ts';

/** A filter, test, lookup or global function: its names, and a function whose parameters were bound as Python binds them. */
export interface Callable<Output> {
  readonly names: readonly string[];
  readonly signature: Signature;
  /** Takes Undefined values instead of raising their error before the call (`default`, `defined`). */
  readonly takesUndefined: boolean;
  readonly run: (context: CallContext, ...args: readonly never[]) => Output;
}

export type Filter = Callable<Value>;
export type Test = Callable<boolean>;
export type GlobalFunction = Callable<Value>;

/** A lookup. Terms come as a list; options as keywords. `wantlist` and `errors` are handled by the caller. */
export interface Lookup {
  readonly names: readonly string[];
  readonly run: (context: CallContext, terms: readonly Value[], options: Dict) => Value[];
}

/** What comes in by a Python signature, which says of what kind each argument is, where types cannot. */
export type Given = never[];

interface Flags {
  readonly takesUndefined?: true;
}

/**
 * Declares a filter. `signature` is Python's: `defineFilter('default d', 'value, default_value="", boolean=False', …)`.
 * Short names also work with `ansible.builtin.` in front; give other collections' names in full.
 */
export const defineFilter = (
  names: string,
  signature: string,
  run: (context: CallContext, ...args: Given) => Value,
  flags: Flags = {},
): Filter => define(names, signature, run, flags);

/** Declares a test: `x is name(…)`. */
export const defineTest = (
  names: string,
  signature: string,
  run: (context: CallContext, ...args: Given) => boolean,
  flags: Flags = {},
): Test => define(names, signature, run, flags);

/** Declares a function that templates can call by name (`range`, `lookup`, `now`). */
export const defineGlobal = (
  names: string,
  signature: string,
  run: (context: CallContext, ...args: Given) => Value,
  flags: Flags = {},
): GlobalFunction => define(names, signature, run, flags);

/** Declares a lookup. */
export const defineLookup = (names: string, run: Lookup['run']): Lookup => ({ names: names.split(' '), run });

const define = <Output>(
  names: string,
  signature: string,
  run: Callable<Output>['run'],
  flags: Flags,
): Callable<Output> => ({
  names: names.split(' '),
  signature: parseSignature(signature),
  takesUndefined: flags.takesUndefined ?? false,
  run,
});

interface Parameter {
  readonly name: string;
  /** Absent when the parameter is required. */
  readonly default?: Value;
  readonly kind: 'plain' | 'args' | 'kwargs';
}

export type Signature = readonly Parameter[];

/** Reads `value, default_value="", *args, **kwargs`: defaults are None, True, False, numbers and quoted text. */
export const parseSignature = (text: string): Signature =>
  text
    .split(/,\s*(?=[*\w])/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      if (part.startsWith('**')) return { name: part.slice(2), kind: 'kwargs' };
      if (part.startsWith('*')) return { name: part.slice(1), kind: 'args' };
      const equals = part.indexOf('=');
      if (equals === -1) return { name: part, kind: 'plain' };
      return { name: part.slice(0, equals).trim(), kind: 'plain', default: readDefault(part.slice(equals + 1).trim()) };
    });

const readDefault = (text: string): Value => {
  if (text === 'None') return null;
  if (text === 'True') return true;
  if (text === 'False') return false;
  if (text === '[]') return tuple([]);
  return /^['"]/.test(text) ? text.slice(1, -1).replaceAll('\\n', '\n') : Number(text);
};

/**
 * Binds arguments to parameters as a Python call does, in the order of the signature: *args come as one array, **kwargs
 * as one Map. Throws a TemplateError of kind `type` for what is missing, unknown or given twice.
 */
export const bind = (name: string, signature: Signature, args: readonly Value[], kwargs: Dict): unknown[] => {
  const bound: unknown[] = [];
  const used = new Set<Value>();
  let next = 0;
  let takesKeywords = false;
  for (const parameter of signature) {
    if (parameter.kind === 'args') {
      bound.push(args.slice(next));
      next = args.length;
    } else if (parameter.kind === 'kwargs') {
      takesKeywords = true;
      bound.push(new Map([...kwargs].filter(([key]) => !used.has(key))));
    } else if (next < args.length) {
      if (kwargs.has(parameter.name)) throw typeError(`${name}() got multiple values for argument '${parameter.name}'`);
      bound.push(args[next++]);
    } else if (kwargs.has(parameter.name)) {
      used.add(parameter.name);
      bound.push(kwargs.get(parameter.name));
    } else if (parameter.default !== undefined) {
      bound.push(parameter.default);
    } else {
      throw typeError(`${name}() missing 1 required positional argument: '${parameter.name}'`);
    }
  }
  if (next < args.length)
    throw typeError(`${name}() takes ${signature.length} positional arguments but ${args.length} were given`);
  if (!takesKeywords) {
    for (const key of kwargs.keys()) {
      if (!used.has(key)) throw typeError(`${name}() got an unexpected keyword argument '${toText(key)}'`);
    }
  }
  return bound;
};

const typeError = (message: string): TemplateError => new TemplateError('type', message);
