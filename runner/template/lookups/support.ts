import { resolve } from 'node:path';
import { TemplateError } from '../../errors/index.ts';
import { type Dict, Tuple, type Value } from '../../values/index.ts';
import { isText, text } from '../filters/support.ts';
import { truth } from '../python/index.ts';
import type { CallContext } from '../types.ts';

/** What went wrong inside of a lookup. */
export const lookupError = (message: string, cause?: unknown): TemplateError =>
  new TemplateError('lookup', message, { cause });

/** Options of a lookup, as its caller gave them. */
export class Options {
  readonly #given: Dict;

  constructor(given: Dict) {
    this.#given = given;
  }
  value(name: string): Value {
    return this.#given.get(name) ?? null;
  }
  has(name: string): boolean {
    return this.#given.has(name);
  }
  text(name: string, fallback: string): string {
    const value = this.value(name);
    return value === null ? fallback : text(value);
  }
  number(name: string, fallback: number): number {
    const value = this.value(name);
    if (value === null) return fallback;
    const number = Number(text(value));
    if (Number.isNaN(number)) throw lookupError(`the option '${name}' has to be a number, not '${text(value)}'`);
    return number;
  }
  /** A boolean in any of the words that Ansible takes for one. */
  flag(name: string, fallback: boolean): boolean {
    const value = this.value(name);
    if (value === null) return fallback;
    if (!isText(value)) return truth(value);
    return ['y', 'yes', 'on', '1', 'true', 't'].includes(text(value).toLowerCase().trim());
  }
  list(name: string): Value[] {
    const value = this.value(name);
    if (value === null) return [];
    return Array.isArray(value)
      ? [...value]
      : text(value)
          .split(',')
          .map((part) => part.trim());
  }
}

/** A variable of the scope, rendered. */
export const variable = ({ scope, engine }: CallContext, name: string): Value | undefined => {
  const value = scope.get(name);
  return value === undefined ? undefined : engine.render(value, scope);
};

/** The folder that everything relative starts from: the playbook's. */
export const baseDirectory = (context: CallContext): string => {
  const directory = variable(context, 'playbook_dir') ?? context.engine.baseDirectory;
  return directory === undefined || directory === null ? process.cwd() : resolve(text(directory));
};

/** Lists and tuples one level deep taken apart, as most lookups do with their terms. */
export const flattenOnce = (terms: Iterable<Value>): Value[] => {
  const flat: Value[] = [];
  for (const term of terms) {
    if (Array.isArray(term)) flat.push(...term);
    else flat.push(term);
  }
  return flat;
};

/** A term that has to be a list; anything else becomes the only item of one. */
export const asList = (term: Value): Value[] => {
  if (Array.isArray(term)) return term instanceof Tuple ? [...term] : term;
  if (term instanceof Set) return [...term];
  return term instanceof Map ? [...term.keys()] : [term];
};
