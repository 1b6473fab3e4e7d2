import { dirname } from 'node:path';
import { inherited, type RoleNode, type TaskNode } from '../playbook/index.ts';
import { type Dict, dict, omit, type Value } from '../values/index.ts';
import {
  ansibleVersion,
  HostVars,
  type Layer,
  LayeredScope,
  LazyLayer,
  playRoleDefaults,
  playRoleVars,
  ScopeVars,
  taskLayers,
} from '../variables/index.ts';
import type { RunContext } from './context.ts';
import type { PlayRun } from './play-run.ts';

/** Makes the scopes in which hosts see their variables. */
export class Scopes {
  readonly #context: RunContext;
  readonly #constants: Dict;

  /** `constants` are magic variables that are the same for the whole run (`ansible_check_mode`, `ansible_forks`, …). */
  constructor(context: RunContext, constants: Dict) {
    this.#context = context;
    this.#constants = constants;
  }

  /** A host's variables, seen from a play and a task as far as there are any: Ansible's order of precedence. */
  of(
    host: string,
    play?: PlayRun,
    task?: TaskNode,
    directory: string = play ? dirname(play.node.file) : process.cwd(),
  ): LayeredScope {
    const { store, catalog, options } = this.#context;
    const facts = store.facts(host);
    const layers = task && taskLayers(task);
    const all: Layer[] = [];
    const setFacts = store.setFacts(host);
    const namespaced = dict({ ansible_facts: facts?.namespaced ?? new Map() });
    const scope = new LayeredScope(
      all,
      host,
      (name, layer) =>
        layer === namespaced || layer === facts?.injected || (layer === setFacts && store.isRegistered(host, name)),
      options.mergesHashes,
    );
    all.push(
      this.#magic(host, play, task, scope, directory),
      this.#constants,
      store.extraVars,
      ...(layers?.params ?? []),
      setFacts,
      store.includedVars(host),
      ...(layers?.vars ?? []),
      ...(layers?.roleVars ?? []),
      ...(play ? playRoleVars(play.roles) : []),
      ...(play ? play.varsFiles(host).toReversed() : []),
      ...(play ? [play.vars] : []),
      namespaced,
      ...(facts && options.injectFacts ? [facts.injected] : []),
      ...catalog.layersOf(host),
      ...(layers?.roleDefaults ?? []),
      ...(play ? playRoleDefaults(play.roles) : []),
      ...(task && catalog.has(host) ? [this.#connectionDefaults(host, task, scope)] : []),
    );
    return scope;
  }

  /** What is there before a play has hosts: for the keywords that say which they are. `vars` are the play's own. */
  ofPlay(directory: string, vars: Dict): LayeredScope {
    const { catalog, store } = this.#context;
    const magic = new LazyLayer({
      groups: () => new Map([...catalog.groups()].map(([name, hosts]) => [name, [...hosts]])),
      hostvars: () => this.#hostVars(directory),
      omit: () => omit,
      ansible_version: () => ansibleVersion,
      playbook_dir: () => directory,
    });
    return new LayeredScope([magic, this.#constants, store.extraVars, vars]);
  }

  #magic(
    host: string,
    play: PlayRun | undefined,
    task: TaskNode | undefined,
    scope: LayeredScope,
    directory: string,
  ): Layer {
    const { catalog, templar } = this.#context;
    const file = catalog.inventoryFile(host);
    const role = task?.role;
    return new LazyLayer({
      inventory_hostname: () => host,
      inventory_hostname_short: () => host.split('.')[0]!,
      group_names: () => [...catalog.groupsOf(host)].sort(),
      groups: () => new Map([...catalog.groups()].map(([name, hosts]) => [name, [...hosts]])),
      hostvars: () => this.#hostVars(directory),
      vars: () => new ScopeVars(scope, templar, ['vars']),
      omit: () => omit,
      ansible_version: () => ansibleVersion,
      ...(file !== undefined && { inventory_file: () => file, inventory_dir: () => catalog.inventoryDir(host) }),
      ...(play && playMagic(play)),
      playbook_dir: () => directory,
      ...(task && {
        ansible_search_path: () => searchPath(task, play),
      }),
      ...(role && roleMagic(role)),
    });
  }

  /** How the host is reached where no variable says it: tasks see that as variables too. */
  #connectionDefaults(host: string, task: TaskNode, scope: LayeredScope): Layer {
    const { options, templar } = this.#context;
    const { connection, user, port, timeout, executable } = options.connection;
    const keyword = (name: string, otherwise: Value): (() => Value) => {
      const written = inherited(task, name);
      return () => (written === undefined ? otherwise : templar.render(written, scope));
    };
    const isGiven = (name: string, otherwise: Value | undefined): boolean =>
      otherwise !== undefined || inherited(task, name) !== undefined;
    return new LazyLayer({
      ansible_host: () => host,
      ansible_connection: keyword('connection', connection === 'smart' ? 'ssh' : connection),
      ...(isGiven('remote_user', user) && { ansible_user: keyword('remote_user', user ?? null) }),
      ...(isGiven('port', port) && { ansible_port: keyword('port', port ?? null) }),
      ansible_timeout: () => timeout,
      ansible_shell_executable: () => executable,
    });
  }

  #hostVars(directory: string): Value {
    const { catalog, templar } = this.#context;
    const opened = new Map<string, Value>();
    return new HostVars(
      () => catalog.hosts(),
      (name) => catalog.has(name),
      (name) => {
        let vars = opened.get(name);
        if (!vars) {
          // A host's variables are those that it has whatever play or task is under way.
          vars = new ScopeVars(this.of(name, undefined, undefined, directory), templar, ['hostvars', 'vars']);
          opened.set(name, vars);
        }
        return vars;
      },
    );
  }
}

const playMagic = (play: PlayRun): Record<string, () => Value> => ({
  play_hosts: () => [...play.liveHosts],
  ansible_play_batch: () => [...play.liveHosts],
  ansible_play_hosts: () => play.allHosts.filter((name) => !play.isLost(name)),
  ansible_play_hosts_all: () => [...play.allHosts],
  ansible_play_name: () => play.name,
  ansible_play_role_names: () => namedRoles(play).map(({ name }) => name),
  ansible_role_names: () => [...new Set([...namedRoles(play), ...neededRoles(play)].map(({ name }) => name))],
  ansible_dependent_role_names: () => [...new Set([...neededRoles(play)].map(({ name }) => name))],
  role_names: () => namedRoles(play).map(({ name }) => name),
});

/** The roles that others of the play depend on. */
const neededRoles = (play: PlayRun): Set<RoleNode> => {
  const needed = new Set<RoleNode>();
  const visit = (role: RoleNode): void => {
    for (const dependency of role.dependencies) {
      needed.add(dependency);
      visit(dependency);
    }
  };
  play.roles.forEach(visit);
  return needed;
};

/** The roles that the play itself names or imports. */
const namedRoles = (play: PlayRun): RoleNode[] => {
  const needed = neededRoles(play);
  return play.roles.filter((role) => !needed.has(role));
};

const roleMagic = (role: RoleNode): Record<string, () => Value> => {
  const bareName = role.collection ? role.name.slice(role.collection.length + 1) : role.name;
  return {
    role_name: () => bareName,
    ansible_role_name: () => role.name,
    role_path: () => role.path,
    role_uuid: () => role.path,
    ...(role.dependents.length > 0 && {
      ansible_parent_role_names: () => role.dependents.map(({ name }) => name).reverse(),
      ansible_parent_role_paths: () => role.dependents.map(({ path }) => path).reverse(),
    }),
    ...(role.collection && { ansible_collection_name: () => role.collection! }),
  };
};

/** Where a task's relative files are looked for, the nearest first. */
export const searchPath = (task: TaskNode, play: PlayRun | undefined): string[] => {
  const places = [
    ...(task.role ? [task.role.path, ...task.role.dependents.toReversed().map(({ path }) => path)] : []),
    dirname(task.file),
    ...(play ? [dirname(play.node.file)] : []),
  ];
  return [...new Set(places)];
};
