import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalTransport, ShellTarget } from '../../runner/connection/index.ts';
import { ModuleFailure } from '../../runner/errors/index.ts';
import { type Controller, executeModule, type Module, type ModuleContext } from '../../runner/modules/index.ts';
import { readArguments } from '../../runner/modules/read-arguments.ts';
import { type Dict, type Json, type Result, toJson, toValue, type Value } from '../../runner/values/index.ts';

export type ModuleResult = Record<string, Json>;

/** This machine as a host for one test of a module: a scratch directory, and the module run as the engine runs it. */
export interface ModuleHost {
  /** A scratch directory, removed by `close`. */
  readonly directory: string;
  readonly target: ShellTarget;
  readonly warnings: string[];
  /** Runs a module with arguments as a playbook gives them; a failure comes back as a result with `failed` and `msg`. */
  run(module: unknown, args: Record<string, unknown>, options?: RunOptions): Promise<ModuleResult>;
  /** How many round trips to the host `work` costs. */
  countRoundTrips(work: () => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
}

interface RunOptions {
  check?: boolean;
  diff?: boolean;
  variables?: Record<string, Value>;
  controller?: Partial<Controller>;
}

export const openModuleHost = async (): Promise<ModuleHost> => {
  const directory = await mkdtemp(join(tmpdir(), 'muster-module-'));
  const target = new ShellTarget('localhost', new LocalTransport());
  const warnings: string[] = [];

  const run: ModuleHost['run'] = async (module, args, options = {}) => {
    const controller: Controller = {
      find: async (_folder, name) => join(directory, name),
      read: async (path) => readFile(path),
      render: (text) => text,
      variable: (name) => options.variables?.[name],
      ...options.controller,
    };
    const context: ModuleContext = {
      target,
      check: options.check ?? false,
      wantsDiff: options.diff ?? false,
      signal: new AbortController().signal,
      controller,
      warn: (message) => void warnings.push(message),
      deprecate: (message) => void warnings.push(message),
      output: () => {},
      run: () => Promise.reject(new Error('not available in this test')),
    };
    try {
      const declared = module as Module;
      const { values, extra } = readArguments(declared, toValue(args as Result) as Dict);
      return toJson(toValue(await executeModule(declared, values, context, extra))) as ModuleResult;
    } catch (error) {
      if (!(error instanceof ModuleFailure)) throw error;
      return { ...(toJson(toValue(error.result as Result)) as ModuleResult), failed: true, msg: error.message };
    }
  };

  return {
    directory,
    target,
    warnings,
    run,
    countRoundTrips: async (work) => {
      const session = await target.session();
      const before = session.roundTrips;
      await work();
      return session.roundTrips - before;
    },
    close: async () => {
      await target.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
