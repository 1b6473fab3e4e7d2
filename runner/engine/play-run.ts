import { type BlockNode, type PlayNode, type RoleNode, type TaskNode, tasksOf } from '../playbook/index.ts';
import type { Dict, Value } from '../values/index.ts';
import { neededRoles, type PlayScope } from '../variables/index.ts';
import type { HostState } from './host-state.ts';
import { rolesIn } from './root-block.ts';

/** A play while it runs: its hosts, what it adds to their variables, its handlers. */
export class PlayRun implements PlayScope {
  readonly node: PlayNode;
  readonly number: number;
  readonly name: string;
  readonly vars: Dict;
  /** All hosts of the play, those of other batches too. */
  readonly allHosts: readonly string[];
  /** The hosts of the batch that runs now. */
  batch: readonly string[] = [];
  states: ReadonlyMap<string, HostState> = new Map();
  /** Hosts that take no further part: those that `meta: end_host` sent home, and those that earlier batches lost. */
  readonly removed = new Set<string>();
  /** `meta: end_play` leaves the batches out that are still to come. */
  isOver = false;
  readonly #ownRoles: readonly RoleNode[];
  readonly #ownHandlerBlocks: readonly BlockNode[];
  #roles: RoleNode[] = [];
  #handlerBlocks: BlockNode[] = [];
  readonly #known = new Set<RoleNode>();
  readonly #varsFiles: (host: string) => readonly Dict[];
  #handlers: readonly TaskNode[] | undefined;
  #varsFilesOfHost = new Map<string, readonly Dict[]>();

  constructor(options: {
    node: PlayNode;
    number: number;
    name: string;
    vars: Dict;
    hosts: readonly string[];
    roles: readonly RoleNode[];
    varsFiles: (host: string) => readonly Dict[];
  }) {
    this.node = options.node;
    this.number = options.number;
    this.name = options.name;
    this.vars = options.vars;
    this.allHosts = options.hosts;
    this.#ownRoles = options.roles;
    this.#varsFiles = options.varsFiles;
    const listed = new Set(options.node.roles.flatMap(({ role }) => role ?? []));
    const imported = options.roles.filter((role) => !listed.has(role));
    // Those of `roles:` come before the play's own, those of roles that tasks import behind them.
    this.#ownHandlerBlocks = [
      ...[...listed].flatMap(roleHandlers),
      ...options.node.handlers,
      ...imported.flatMap(roleHandlers),
    ];
    this.openBatch([]);
  }

  /** Begins with the next hosts. What earlier batches included is not theirs: neither its handlers nor its variables. */
  openBatch(hosts: readonly string[]): void {
    this.batch = hosts;
    this.#roles = [...this.#ownRoles];
    this.#handlerBlocks = [...this.#ownHandlerBlocks];
    this.#handlers = undefined;
    this.#known.clear();
  }

  get roles(): readonly RoleNode[] {
    return this.#roles;
  }

  /** A keyword of the play as written. */
  keyword(name: string): Value | undefined {
    return this.node.keywords.get(name);
  }

  /** The lists of handlers: those of roles first, then the play's own. */
  get handlerBlocks(): readonly BlockNode[] {
    return this.#handlerBlocks;
  }

  /** Every handler that can be notified, in the order in which handlers run. */
  get handlers(): readonly TaskNode[] {
    this.#handlers ??= [...tasksOf(this.#handlerBlocks)];
    return this.#handlers;
  }

  /**
   * Takes in the roles of something that was included: their handlers join at the end. The variables of roles that were
   * imported in it become visible to the play, those of an included one when it is public.
   */
  addIncluded(block: BlockNode, included: RoleNode | undefined): void {
    const brought = [...new Set([...(included ? [included] : []), ...rolesIn([block])])];
    const needed = neededRoles(brought);
    for (const role of brought) {
      if (this.#known.has(role)) continue;
      this.#known.add(role);
      this.#handlerBlocks.push(...roleHandlers(role));
      if (!needed.has(role) && (role !== included || role.isPublic)) this.#roles.push(role);
    }
    this.#handlers = undefined;
  }

  varsFiles(host: string): readonly Dict[] {
    let files = this.#varsFilesOfHost.get(host);
    if (!files) {
      // Set first: the names of the files may use variables, which are looked up without the files.
      this.#varsFilesOfHost.set(host, []);
      files = this.#varsFiles(host);
      this.#varsFilesOfHost.set(host, files);
    }
    return files;
  }

  /** Forgets the files, whose names may hang on facts that have come in since. */
  forgetVarsFiles(): void {
    this.#varsFilesOfHost = new Map();
  }

  /** The hosts of the batch that have not failed and can be reached. */
  get liveHosts(): readonly string[] {
    return this.batch.filter((name) => !this.isLost(name));
  }

  /** Whether a host has left the play, by a failure or because it was sent home. */
  isLost(name: string): boolean {
    const state = this.states.get(name);
    return this.removed.has(name) || (state !== undefined && (state.hasFailed || state.isUnreachable));
  }
}

const roleHandlers = (role: RoleNode): readonly BlockNode[] => [
  ...role.dependencies.flatMap(roleHandlers),
  ...role.handlers,
];
