import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalTransport, ShellTarget, type Transport } from '../../runner/connection/index.ts';
import { ModuleFailure } from '../../runner/errors/index.ts';
import { type Controller, executeModule, type Module, type ModuleContext } from '../../runner/modules/index.ts';
import { readArguments } from '../../runner/modules/read-arguments.ts';
import { type Dict, type Json, type Result, toJson, toValue, type Value } from '../../runner/values/index.ts';
import { BusyboxTransport } from './busybox.ts';
import { openFolder } from './scratch-folder.ts';

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

/** The shells and tools that modules are tried with: dash and GNU coreutils, or busybox for all of it. */
export type Tools = 'gnu' | 'busybox';

/** The permission bits of a file. */
export const modeOf = (path: string): number => statSync(path).mode & 0o7777;

/** A controller for modules: it finds files in a folder, renders nothing, and has no variables. */
export const controllerIn = (directory: string): Controller => ({
  find: async (_folder, name) => join(directory, name),
  read: async (path) => readFile(path),
  render: (text) => text,
  variable: () => undefined,
  keepsTypes: false,
  condition: () => true,
  evaluate: () => null,
  loadVars: () => new Map(),
  pause: async () => '',
  job: async () => undefined,
  addSecret: () => {},
});

export const openModuleHost = async (tools: Tools | Transport = 'gnu'): Promise<ModuleHost> => {
  const { path: directory, remove } = openFolder('muster-module-');
  const transport = typeof tools !== 'string' ? tools : await openTransport(tools);
  const target = new ShellTarget('localhost', transport);
  const warnings: string[] = [];

  const run: ModuleHost['run'] = async (module, args, options = {}) => {
    const controller: Controller = {
      ...controllerIn(directory),
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
      run: async (name, moduleArgs) => {
        const { default: other } = await import(`../../runner/modules/${name.split('.').at(-1)}.ts`);
        const { values, extra } = readArguments(other as Module, toValue(moduleArgs) as Dict);
        return executeModule(other as Module, values, context, extra);
      },
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
      remove();
    },
  };
};

const openTransport = async (tools: Tools): Promise<Transport> =>
  tools === 'busybox' ? BusyboxTransport.open() : new LocalTransport();
