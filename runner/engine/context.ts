import type { ConnectionSpec, Target } from '../connection/index.ts';
import type { EventBus } from '../events/index.ts';
import type { Module } from '../modules/index.ts';
import type { BlockNode, RoleNode, TaskNode } from '../playbook/tree.ts';
import type { Engine, Scope } from '../template/types.ts';
import type { Dict, Value } from '../values/index.ts';
import type { Layer, VariableStore } from '../variables/index.ts';
import type { Gate } from './gate.ts';
import type { Journal } from './restore/journal.ts';
import type { AsyncJobs } from './task/async-jobs.ts';

/** What the command line and the configuration say about how to run. */
export interface RunOptions {
  readonly check: boolean;
  /** Check mode does not call failed what only rests on something that it did not run. */
  readonly checkModePredicts: boolean;
  readonly diff: boolean;
  /** Items of loops, and tasks of a play's only host, look at the host before it is their turn. */
  readonly looksAhead: boolean;
  /** How many hosts are worked on at the same time. */
  readonly forks: number;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** Starts at the first task of this name or pattern. */
  readonly startAtTask: string | undefined;
  readonly step: boolean;
  /** Failed tasks are looked into in the debugger, whatever their `debugger` keyword says but `never`. */
  readonly debugger: boolean;
  /** Not those whose errors are ignored. */
  readonly debuggerIgnoresErrors: boolean;
  readonly forceHandlers: boolean;
  readonly gathering: 'implicit' | 'explicit' | 'smart';
  readonly anyErrorsFatal: boolean;
  /** What tasks without `no_log` have. */
  readonly noLog: boolean;
  /** Seconds between looks at a background task that has no `poll`. */
  readonly pollInterval: number;
  /** Roles do not see each other's variables. */
  readonly hasPrivateRoleVars: boolean;
  readonly injectFacts: boolean;
  readonly taskTimeout: number;
  readonly strategy: string;
  readonly errorOnMissingHandler: boolean;
  readonly errorOnUndefined: boolean;
  readonly gatherSubset: readonly string[];
  readonly gatherTimeout: number;
  readonly jinja2Native: boolean;
  /** hash_behaviour = merge: mappings of the same name are joined across levels of precedence. */
  readonly mergesHashes: boolean;
  readonly connection: ConnectionDefaults;
}

/** Connection settings of the command line and configuration; inventory variables and keywords are stronger. */
export interface ConnectionDefaults {
  readonly connection: string;
  readonly user: string | undefined;
  readonly port: number | undefined;
  readonly password: string | undefined;
  readonly privateKeyFile: string | undefined;
  readonly commonArgs: readonly string[];
  readonly timeout: number;
  readonly become: boolean;
  readonly becomeMethod: string;
  readonly becomeUser: string;
  readonly becomePassword: string | undefined;
  readonly becomeExe: string | undefined;
  readonly becomeFlags: string | undefined;
  readonly hostKeyChecking: boolean;
  readonly executable: string;
}

/** The hosts and groups of a run, as the engine needs them. */
export interface HostCatalog {
  /** Hosts that a pattern selects, in inventory order, within the run's limit. */
  select(pattern: Value): readonly string[];
  has(host: string): boolean;
  hosts(): Iterable<string>;
  groupsOf(host: string): readonly string[];
  groups(): ReadonlyMap<string, readonly string[]>;
  /** Inventory variables of a host, strongest first. */
  layersOf(host: string): readonly Layer[];
  inventoryFile(host: string): string | undefined;
  inventoryDir(host: string): string | undefined;
  /** Adds what `add_host` names. True when that changed anything. */
  addHost(name: string, groups: readonly string[], vars: Dict): boolean;
  /** Puts a host into a group, as `group_by` does. True when that changed anything. */
  addToGroup(host: string, group: string, parents: readonly string[]): boolean;
  /** Reads the sources again (`meta: refresh_inventory`). */
  refresh(): Promise<void>;
}

/** Loads what dynamic includes name. Throws SourceError. */
export interface DynamicLoader {
  tasks(file: string, include: TaskNode): BlockNode;
  role(include: TaskNode, args: Dict): { readonly block: BlockNode; readonly role: RoleNode };
  /** A YAML file of variables, decrypted. */
  varsFile(path: string): Dict;
  /** The text of a file, decrypted when it is a vault file. */
  read(path: string, decrypt: boolean): Promise<Buffer>;
}

/** Where people are asked. Rejects where there is nobody to ask. */
export interface Prompter {
  ask(question: Question): Promise<string>;
  /** Waits for Enter, or this many seconds. Resolves with what was typed; rejects when the user aborts. */
  pause(message: string, seconds: number | undefined, echo: boolean): Promise<string>;
  /** One line of a conversation such as the debugger's; undefined when the input has ended. */
  command(prompt: string): Promise<string | undefined>;
  /** Shows people something in such a conversation. */
  tell(text: string): void;
  readonly isInteractive: boolean;
}

export interface Question {
  /** The variable that the answer is for, where it is for one. */
  readonly name?: string | undefined;
  readonly text: string;
  readonly isSecret: boolean;
  readonly default: string | undefined;
  readonly confirm: boolean;
}

/** Everything that a run works with. */
export interface RunContext {
  readonly options: RunOptions;
  readonly catalog: HostCatalog;
  readonly store: VariableStore;
  readonly templar: Templating;
  readonly loader: DynamicLoader;
  readonly bus: EventBus;
  readonly prompter: Prompter;
  /** Aborted when what runs is to be ended. */
  readonly signal: AbortSignal;
  /** Aborted when nothing new is to be begun. */
  readonly stopping: AbortSignal;
  /** Holds new tasks back while the run is paused. */
  readonly gate?: Gate | undefined;
  readonly jobs: AsyncJobs;
  readonly journal?: Journal | undefined;
  module(name: string): Promise<Module | undefined>;
  /** Tells users something that they should know; the same words only once. */
  warn(message: string): void;
  target(spec: ConnectionSpec): Promise<Target> | Target;
  /** Keeps a text out of everything that is shown or stored. */
  addSecret(text: string): void;
  /** Ends connections to a host, so that the next task logs in anew (`meta: reset_connection`). */
  resetConnection(host: string): Promise<void>;
}

/** What the engine uses of the templar. */
export interface Templating extends Engine {
  /** The functions that every template has, by name. */
  readonly globals: ReadonlyMap<string, Value>;
  /** The truth of a `when` or the like. */
  condition(value: Value, scope: Scope): boolean;
  /** The value of a bare expression. */
  evaluate(expression: string, scope: Scope): Value;
}
