import { type Origin, SourceError } from '../../errors/index.ts';
import { readBoolean } from '../../modules/index.ts';
import { bearersOf, type TaskNode } from '../../playbook/index.ts';
import { rewording } from '../../template/reword.ts';
import type { Scope } from '../../template/types.ts';
import { isOmitted, toText, typeName, type Value } from '../../values/index.ts';
import type { Templating } from '../context.ts';

/** A keyword's value as written on the task or the nearest thing around it. */
export const findKeyword = (task: TaskNode, name: string): Value | undefined => {
  for (const node of bearersOf(task)) {
    const value = node.keywords.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
};

/** The values of a keyword that adds up (`when`, `environment`, `module_defaults`), the outermost first. */
export const collectKeyword = (task: TaskNode, name: string): Value[] => {
  const values: Value[] = [];
  for (const node of bearersOf(task)) {
    const value = node.keywords.get(name);
    if (value !== undefined) values.unshift(value);
  }
  return values;
};

/** What is said of a keyword in which something is undefined. */
export const undefinedIn = (keyword: string): string =>
  `The field '${keyword}' has an invalid value, which includes an undefined variable. The error was: `;

/** The keywords of one task on one host, rendered. */
export class TaskKeywords {
  readonly #task: TaskNode;
  readonly #templar: Templating;
  readonly #scope: Scope;

  constructor(task: TaskNode, templar: Templating, scope: Scope) {
    this.#task = task;
    this.#templar = templar;
    this.#scope = scope;
  }

  value(name: string): Value | undefined {
    for (const node of bearersOf(this.#task)) {
      const written = node.keywords.get(name);
      if (written === undefined) continue;
      const value = rewording(undefinedIn(name), () => this.#templar.render(written, this.#scope));
      // What is omitted holds as it does around it.
      if (!isOmitted(value)) return value;
    }
    return undefined;
  }

  /** Text, or undefined when it is not given or empty. */
  text(name: string): string | undefined {
    const value = this.value(name);
    return value === undefined || value === null || value === '' ? undefined : toText(value);
  }

  boolean(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || value === null) return undefined;
    const truth = readBoolean(value);
    if (truth === undefined) throw this.#wrong(name, value, 'boolean', 'yes or no');
    return truth;
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined || value === null) return undefined;
    const number = Number(toText(value));
    if (Number.isNaN(number)) throw this.#wrong(name, value, 'number', 'a number');
    return number;
  }

  #placeOf(name: string): Origin {
    for (const { places } of bearersOf(this.#task)) {
      const place = places.get(name);
      if (place) return place;
    }
    return this.#task.origin;
  }

  #wrong(name: string, value: Value, kind: string, expected: string): SourceError {
    return new SourceError({
      message: `'${name}' is ${typeName(value)} '${toText(value)}', which is not a valid ${kind}`,
      origin: this.#placeOf(name),
      expected,
    });
  }
}
