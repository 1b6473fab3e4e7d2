import { existsSync, statSync } from 'node:fs';
import { MusterError, type Origin, type Problem, SourceError, TemplateError } from '../errors/index.ts';
import { type Dict, Template, toText, type Value } from '../values/index.ts';
import type { LoadContext } from './context.ts';
import { checkSchema, type SchemaName } from './schema/check.ts';
import { sortProblems } from './sort-problems.ts';
import { loadYamlFile, originOf } from './yaml/index.ts';

/** Files that were read for a context; a run reads each once. */
const filesOfContext = new WeakMap<LoadContext, Map<string, Value>>();

/** One call of the loader: it gathers every mistake, so that all can be told at once. */
export class Loading {
  readonly context: LoadContext;
  /** The folder of the playbook that the run started with. */
  readonly baseDir: string;
  readonly #problems: Problem[] = [];
  readonly #doubtful: { readonly problem: Problem; readonly isExpected: () => boolean }[] = [];
  readonly #seen = new Set<string>();
  readonly #checks = new Map<string, { readonly name: SchemaName; readonly value: Value }>();

  constructor(context: LoadContext, baseDir: string) {
    this.context = context;
    this.baseDir = baseDir;
  }

  /** Notes a mistake; loading goes on, to find the others. */
  report(problem: Problem): void {
    const { origin } = problem;
    const key = `${problem.message}\n${origin?.file}:${origin?.line}:${origin?.column}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#problems.push(problem);
  }

  /** Notes a mistake that only counts when it turns out, once all is loaded, that nothing expects it. */
  reportUnless(isExpected: () => boolean, problem: Problem): void {
    this.#doubtful.push({ problem, isExpected });
  }

  /** Notes the problems of an error that was thrown below; passes on what is no mistake of the user's. */
  reportError(error: unknown, origin?: Origin): void {
    if (!(error instanceof MusterError)) throw error;
    for (const problem of error.problems) this.report(origin && !problem.origin ? { ...problem, origin } : problem);
  }

  /** Holds a file to its schema too, when that was asked for. Told is only what was not found otherwise. */
  checkSchema(name: SchemaName, value: Value, file: string): void {
    if (this.context.config.checkSchemas) this.#checks.set(file, { name, value });
  }

  #runChecks(): void {
    if (this.#checks.size === 0) return;
    const lines = new Set(this.#problems.map(({ origin }) => `${origin?.file}:${origin?.line}`));
    for (const [file, { name, value }] of this.#checks) {
      for (const problem of checkSchema(name, value, file)) {
        if (!lines.has(`${problem.origin?.file}:${problem.origin?.line}`)) this.report(problem);
      }
    }
  }

  /** Ends the call: everything that was noted, in the order of the sources. */
  problems(): Problem[] {
    for (const { problem, isExpected } of this.#doubtful.splice(0)) if (!isExpected()) this.report(problem);
    this.#runChecks();
    return sortProblems(this.#problems);
  }

  /** Ends the call: throws everything that was noted. */
  finish(): void {
    const problems = this.problems();
    if (problems.length > 0) throw new SourceError(problems);
  }

  /** The value of a YAML file; undefined when it could not be read, which is noted. */
  read(file: string, origin?: Origin): Value | undefined {
    let files = filesOfContext.get(this.context);
    if (files === undefined) {
      files = new Map();
      filesOfContext.set(this.context, files);
    }
    const known = files.get(file);
    if (known !== undefined) return known;
    const { vault, config } = this.context;
    try {
      const value = loadYamlFile(file, {
        vault,
        duplicateKeys: config.duplicateKeys,
        warn: (message, place) => this.context.warn(message, place),
      });
      files.set(file, value);
      return value;
    } catch (error) {
      this.reportError(error, origin);
      return undefined;
    }
  }

  /** The text of something that must be known while loading; undefined when it is not, which is noted. */
  render(value: Value, vars: () => Dict, what: string, origin: Origin | undefined): string | undefined {
    if (!(value instanceof Template)) return toText(value);
    try {
      return toText(this.context.render(value, vars()));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.report({
        message: `${what} cannot be worked out before the run: ${error.problems[0]?.message ?? error.message}`,
        origin: origin ?? value.origin,
        hint: 'what is imported is named with variables of the play or --extra-vars; use an include for names from inventory or facts',
      });
      return undefined;
    }
  }
}

/** Whether something stands at a path. */
export const exists = (path: string): boolean => existsSync(path);

export const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Where something stands, or else the file it is in. */
export const placeOf = (value: Value, file: string): Origin => originOf(value) ?? { file, line: 1, column: 1 };
