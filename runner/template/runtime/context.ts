import { Undefined, type Value } from '../../values/index.ts';
import type { CallContext, Scope } from '../types.ts';
import type { BlockBody, CompiledTemplate } from './compiled.ts';
import type { OutputRules } from './sink.ts';

/** What the engine does for templates that run. */
export interface Environment extends OutputRules {
  /** What to call filters, tests and functions with. */
  readonly call: CallContext;
  readonly scope: Scope;
  /** A variable of the scope, rendered; undefined when there is none. */
  variable(name: string): Value | undefined;
  /** A function or other thing that every template sees. */
  global(name: string): Value | undefined;
  /** A template for include, import and extends: the first of the names that exists. */
  load(names: readonly string[]): CompiledTemplate;
}

/** What a template and those that it extends share while they run. */
export class Context {
  readonly environment: Environment;
  /** What an including template handed over. */
  readonly locals: ReadonlyMap<string, Value> | undefined;
  /** Whether the scope's variables are seen; imported templates see none. */
  readonly seesVariables: boolean;
  /** What is set at the top of the template. */
  readonly vars: Map<string, Value>;
  readonly exported = new Set<string>();
  /** The bodies of each block, that of the template itself first, then those of the templates that it extends. */
  readonly blocks: Map<string, BlockBody[]>;
  /** The included or imported file that runs in it. */
  readonly file: string | undefined;

  constructor(
    environment: Environment,
    options: {
      locals?: ReadonlyMap<string, Value> | undefined;
      seesVariables?: boolean;
      blocks?: Map<string, BlockBody[]>;
      file?: string | undefined;
    } = {},
  ) {
    this.environment = environment;
    this.locals = options.locals;
    this.seesVariables = options.seesVariables ?? true;
    this.blocks = options.blocks ?? new Map();
    this.file = options.file;
    this.vars = new Map();
  }
  /** What the template itself or one that includes it has set. */
  own(name: string): Value | undefined {
    const value = this.vars.get(name);
    return value === undefined ? this.locals?.get(name) : value;
  }
  /** What the scope or everybody has; an Undefined when nobody does. */
  outer(name: string): Value {
    const value = this.seesVariables ? this.environment.variable(name) : undefined;
    if (value !== undefined) return value;
    const shared = this.environment.global(name);
    return shared === undefined ? new Undefined(`'${name}' is undefined`, name) : shared;
  }
  /** What an included template is handed over: the locals, what was set, and the frame's variables. */
  handOver(frameVariables: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
    return new Map([...(this.locals ?? []), ...this.vars, ...frameVariables]);
  }
  /** A context with the same blocks that also sees a frame's variables, for scoped blocks. */
  derive(frameVariables: ReadonlyMap<string, Value>): Context {
    return new Context(this.environment, {
      locals: this.handOver(frameVariables),
      seesVariables: this.seesVariables,
      blocks: new Map([...this.blocks].map(([name, bodies]) => [name, [...bodies]])),
    });
  }
}
