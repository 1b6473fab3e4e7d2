import type { Target } from '../connection/index.ts';
import type { Dict, Result, ResultObject, Value } from '../values/index.ts';
import type { ArgumentRules, ArgumentSpecs, ArgumentsOf } from './arguments.ts';

/** What a file looked like and would look like, or any other before and after; shown by --diff. */
export interface Diff {
  readonly before: string | ResultObject;
  readonly after: string | ResultObject;
  readonly beforeHeader?: string;
  readonly afterHeader?: string;
  /** Why a side is missing, by Ansible's names: `dst_binary`, `src_binary`, `dst_larger`, `src_larger`. */
  readonly notes?: ResultObject;
}

/** What every module gets besides its arguments. */
export interface ModuleContext {
  readonly target: Target;
  /** --check, or check_mode: true. Only modules that are not of the probe, diff, apply shape need to look at it. */
  readonly check: boolean;
  /** --diff, or diff: true: building large diffs may be skipped when false. */
  readonly wantsDiff: boolean;
  readonly signal: AbortSignal;
  /** The host that delegate_to names, which is the target then. */
  readonly delegatedTo?: string | undefined;
  /** The controller's side: role and playbook files, rendering, the host's variables. */
  readonly controller: Controller;
  warn(message: string): void;
  deprecate(message: string): void;
  /** A piece of a running command's output, for those who watch. */
  output(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** Does what another module does, with its arguments (`package` becomes `apt`). */
  run(module: string, args: ResultObject): Promise<ResultObject>;
}

/** What a module may ask of the controller. */
export interface Controller {
  /** The file that a relative `src` means: the role's and playbook's `files/`, `templates/` or `vars/`, as Ansible searches. */
  find(folder: 'files' | 'templates' | 'vars' | 'tasks', name: string): Promise<string>;
  /** A local file's bytes, decrypted when it is a vault file and `decrypt` is not false. */
  read(path: string, options?: { decrypt?: boolean }): Promise<Buffer>;
  /** Renders a template file's text with the task's variables and `vars`. */
  render(text: string, options: RenderOptions): string;
  /** A variable of the host, rendered; undefined when there is none. */
  variable(name: string): Value | undefined;
  /** jinja2_native: values keep the types that templates gave them. */
  readonly keepsTypes: boolean;
  /** The truth of a condition, as in `when`. */
  condition(condition: Value): boolean;
  /** Whether an argument's text was made by a template. Such text may come from a host, and is no expression. */
  isRendered?(argument: string): boolean;
  /** The value of a bare expression. */
  evaluate(expression: string): Value;
  /** A YAML or JSON file of variables, decrypted when it is a vault file. */
  loadVars(path: string): Dict;
  /** Asks somebody to press Enter, or waits for `seconds`; resolves with what was typed. */
  pause(message: string, seconds: number | undefined, echo: boolean): Promise<string>;
  /** How far an asynchronous job of this host is; undefined when neither this run nor the one that it resumes began it. */
  job(id: string): Promise<Dict | undefined>;
  /** Keeps a text out of everything that is shown or stored. */
  addSecret(text: string): void;
  /** A text setting of the configuration by Ansible's name; undefined when there is none. */
  setting?(name: string): string | undefined;
}

export interface RenderOptions {
  readonly file: string;
  readonly vars?: Dict;
  readonly [option: string]: unknown;
}

/** What is common to all modules: enough to check a task, to document it and to find it by any of its names. */
export interface ModuleSpec<S extends ArgumentSpecs> extends ArgumentRules {
  /** Full name, e.g. `ansible.builtin.copy`. The short name, and `ansible.legacy.` for builtin ones, follow from it. */
  readonly name: `${string}.${string}.${string}`;
  /** Further full names that mean the same, e.g. `community.general.ini_file` moved from somewhere. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly args: S;
  /** The argument that takes free text (`command: ls -l`), with key=value words split off only for known arguments. */
  readonly freeForm?: string;
  /** Arguments that no schema names are let through, in `extra` (set_fact, debug's kind). */
  readonly takesAnyArgument?: true;
  /** Runs for the first host of a batch only, whose result counts for all (`pause`, `add_host`). */
  readonly runsOnce?: true;
  /**
   * What its first script does on the target is to look, and nothing else: in a loop an item may do that before it is its
   * turn, and again when another one has changed something since.
   */
  readonly looksFirst?: true;
  /** The diff is part of every result, and not only with --diff; it is one mapping. */
  readonly returnsDiff?: true;
  /** What it returns, by name: documentation, and the contract that the tests hold it to. */
  readonly returns: Readonly<Record<string, string>>;
  /** What users should know besides, a sentence each: what differs from Ansible's module, what it needs on a host. */
  readonly notes?: readonly string[];
  /**
   * Whether --check can predict the change (`none`: skipped under --check), whether --diff shows one, and whether the
   * module can run as a job of its own (`async`; it can unless this is false).
   */
  readonly supports: { readonly check: 'full' | 'none'; readonly diff: boolean; readonly async?: false };
}

/** A decision: whether and how the state differs from what was asked. `P` is whatever `apply` needs to know. */
export interface Plan<P = unknown> {
  readonly changed: boolean;
  /** Values returned whether or not the change is made. */
  readonly result?: ResultObject;
  readonly diff?: Diff | readonly Diff[] | undefined;
  readonly steps?: P;
}

/**
 * A module that brings about a state. The engine calls `probe`, then `diff`, then, when something differs and it is not
 * a check run, `apply`: check mode, diff output and idempotence come from there.
 */
export interface StateModule<S extends ArgumentSpecs, State, P> extends ModuleSpec<S> {
  readonly kind: 'state';
  /** Reads the state, in one round trip. Fails with ModuleFailure when the arguments cannot be met there. */
  probe(args: ArgumentsOf<S>, context: ModuleContext): Promise<State>;
  /** Compares. Touches nothing; the same input gives the same plan. */
  diff(state: State, args: ArgumentsOf<S>, context: ModuleContext): Plan<P>;
  /** Makes the change, in one round trip where it can. Returns what only the change itself could tell. */
  apply(plan: Plan<P>, args: ArgumentsOf<S>, context: ModuleContext, state: State): Promise<ResultObject | void>;
}

/** A module that has no state to compare: it runs something, asks something, or acts on the controller. */
export interface ActionModule<S extends ArgumentSpecs> extends ModuleSpec<S> {
  readonly kind: 'action';
  /** The result, with `changed`. Under --check it is called only when `supports.check` is `full`. */
  run(args: ArgumentsOf<S>, context: ModuleContext, extra: Dict): Promise<ResultObject>;
  /** Runs without a connection to the host. */
  readonly onController?: true;
}

// Any module, for the code that handles all of them alike.
export type Module = StateModule<ArgumentSpecs, unknown, unknown> | ActionModule<ArgumentSpecs>;

/** Declares a module of the probe, diff, apply shape. */
export const defineModule = <const S extends ArgumentSpecs, State, P>(
  module: Omit<StateModule<S, State, P>, 'kind'>,
): StateModule<S, State, P> => ({ kind: 'state', ...module });

/** Declares a module that only acts. */
export const defineAction = <const S extends ArgumentSpecs>(
  module: Omit<ActionModule<S>, 'kind'>,
): ActionModule<S> => ({
  kind: 'action',
  ...module,
});

export type { Result, ResultObject };
