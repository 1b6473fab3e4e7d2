import { TemplateError } from '../errors/index.ts';
import type { Value } from '../values/index.ts';
import { locate } from './positions.ts';
import type { BlockBody, CompiledTemplate, Environment, Mode } from './runtime/index.ts';
import type { Syntax } from './syntax/index.ts';
import { findTemplate } from './template-files.ts';
import type { CallContext, Scope } from './types.ts';

/** What an environment needs of the templar. */
export interface Host {
  variable(name: string, scope: Scope): Value | undefined;
  readonly globals: ReadonlyMap<string, Value>;
  compile(text: string, syntax: Syntax): CompiledTemplate;
}

/** What templates of one scope run in. */
export const makeEnvironment = (
  host: Host,
  call: CallContext,
  options: {
    readonly mode: Mode;
    readonly syntax: Syntax;
    readonly searchPath: readonly string[];
    readonly globals?: ReadonlyMap<string, Value>;
  },
): Environment => {
  const { scope } = call;
  const globals = options.globals ?? host.globals;
  return {
    mode: options.mode,
    call,
    scope,
    variable: (name) => host.variable(name, scope),
    global: (name) => globals.get(name),
    load: (names) => {
      const { path, text } = findTemplate(names, options.searchPath);
      return withFile(path, () => host.compile(text, options.syntax));
    },
  };
};

// Errors inside of an included file name that file.
const withFile = (path: string, compile: () => CompiledTemplate): CompiledTemplate => {
  const origin = { file: path, line: 1, column: 1 };
  const guarded =
    <Args extends unknown[], Result>(work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      try {
        return work(...args);
      } catch (error) {
        throw error instanceof TemplateError ? locate(error, origin) : error;
      }
    };
  const compiled = guarded(compile)();
  return {
    reads: compiled.reads,
    blocks: new Map<string, BlockBody>([...compiled.blocks]),
    run: guarded(compiled.run),
  };
};
