import type { Value } from '../values/index.ts';
import { inFile } from './positions.ts';
import type { CompiledTemplate, Environment, Mode, OutputRules } from './runtime/index.ts';
import type { Syntax } from './syntax/index.ts';
import { findTemplate } from './template-files.ts';
import type { CallContext, Scope } from './types.ts';

/** What an environment needs of the templar. */
export interface Host {
  /** A variable, rendered; kept texts stay marked. */
  resolve(name: string, scope: Scope): Value | undefined;
  readonly globals: ReadonlyMap<string, Value>;
  compile(text: string, syntax: Syntax): CompiledTemplate;
}

interface Options extends OutputRules {
  /** The syntax of included templates. */
  readonly syntax: Syntax;
  /** Where included templates are looked for. */
  readonly searchPath: readonly string[];
  readonly globals: ReadonlyMap<string, Value>;
}

/** What templates of one scope run in. */
export class ScopeEnvironment implements Environment {
  readonly mode: Mode;
  readonly showsNone: boolean;
  readonly call: CallContext;
  readonly scope: Scope;
  readonly #host: Host;
  readonly #options: Options;

  constructor(host: Host, call: CallContext, options: Options) {
    this.mode = options.mode;
    this.showsNone = options.showsNone;
    this.call = call;
    this.scope = call.scope;
    this.#host = host;
    this.#options = options;
  }
  variable(name: string): Value | undefined {
    return this.#host.resolve(name, this.scope);
  }
  global(name: string): Value | undefined {
    return this.#options.globals.get(name);
  }
  load(names: readonly string[]): CompiledTemplate {
    const { path, text } = findTemplate(names, this.#options.searchPath);
    return withFile(path, () => this.#host.compile(text, this.#options.syntax));
  }
}

// Errors inside of an included file name that file.
const withFile = (path: string, compile: () => CompiledTemplate): CompiledTemplate => {
  const guarded =
    <Args extends unknown[], Result>(work: (...args: Args) => Result) =>
    (...args: Args): Result =>
      inFile(path, () => work(...args));
  const { reads, blocks, run } = guarded(compile)();
  return {
    file: path,
    reads,
    run: guarded(run),
    blocks: new Map([...blocks].map(([name, block]) => [name, guarded(block)])),
  };
};
