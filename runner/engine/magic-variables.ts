import { inherited, type TaskNode } from '../playbook/index.ts';
import { omit, type Value } from '../values/index.ts';
import {
  ansibleVersion,
  type Layer,
  type LayeredScope,
  LazyLayer,
  type Makers,
  makers,
  namedRoles,
  neededRoles,
  ScopeVars,
} from '../variables/index.ts';
import type { RunContext } from './context.ts';
import type { PlayRun } from './play-run.ts';
import { searchPath } from './search-path.ts';

/** What is needed for the variables that are there before a play has hosts. */
interface CommonMagic {
  readonly catalog: RunContext['catalog'];
  readonly directory: string;
  readonly hostVars: () => Value;
}

/** What the magic variables of a host at a task are worked out from. */
export interface Magic extends CommonMagic {
  readonly host: string;
  readonly play: PlayRun | undefined;
  readonly task: TaskNode | undefined;
  readonly scope: LayeredScope;
  readonly templar: RunContext['templar'];
  readonly file: string | undefined;
}

export const commonMagic: Makers<CommonMagic> = makers({
  groups: ({ catalog }) => new Map([...catalog.groups()].map(([name, hosts]) => [name, [...hosts]])),
  hostvars: ({ hostVars }) => hostVars(),
  omit: () => omit,
  ansible_version: () => ansibleVersion,
  playbook_dir: ({ directory }) => directory,
});

const hostMagic: Makers<Magic> = makers({
  inventory_hostname: ({ host }) => host,
  inventory_hostname_short: ({ host }) => host.split('.')[0]!,
  group_names: ({ catalog, host }) => [...catalog.groupsOf(host)].sort(),
  vars: ({ scope, templar }) => new ScopeVars(scope, templar, ['vars']),
});

const fileMagic: Makers<Magic> = makers({
  inventory_file: ({ file }) => file,
  inventory_dir: ({ catalog, host }) => catalog.inventoryDir(host),
});

const playMagic: Makers<Magic> = makers({
  play_hosts: ({ play }) => [...play!.liveHosts],
  ansible_play_batch: ({ play }) => [...play!.liveHosts],
  ansible_play_hosts: ({ play }) => play!.allHosts.filter((name) => !play!.isLost(name)),
  ansible_play_hosts_all: ({ play }) => [...play!.allHosts],
  ansible_play_name: ({ play }) => play!.name,
  ansible_play_role_names: ({ play }) => namedRoles(play!.roles).map(({ name }) => name),
  ansible_role_names: ({ play }) => [
    ...new Set([...namedRoles(play!.roles), ...neededRoles(play!.roles)].map(({ name }) => name)),
  ],
  ansible_dependent_role_names: ({ play }) => [...new Set([...neededRoles(play!.roles)].map(({ name }) => name))],
  role_names: ({ play }) => namedRoles(play!.roles).map(({ name }) => name),
});

const taskMagic: Makers<Magic> = makers({
  ansible_search_path: ({ task, play }) => searchPath(task!, play),
});

const roleMagic: Makers<Magic> = makers({
  role_name: ({ task }) => {
    const { collection, name } = task!.role!;
    return collection ? name.slice(collection.length + 1) : name;
  },
  ansible_role_name: ({ task }) => task!.role!.name,
  role_path: ({ task }) => task!.role!.path,
  role_uuid: ({ task }) => task!.role!.path,
});

const dependentMagic: Makers<Magic> = makers({
  ansible_parent_role_names: ({ task }) => task!.role!.dependents.map(({ name }) => name).reverse(),
  ansible_parent_role_paths: ({ task }) => task!.role!.dependents.map(({ path }) => path).reverse(),
});

const collectionMagic: Makers<Magic> = makers({
  ansible_collection_name: ({ task }) => task!.role!.collection,
});

/** The magic variables of a host, as far as there is a play and a task. */
export const magicLayer = (magic: Magic): Layer => {
  const { file, play, task } = magic;
  const tables: Makers<Magic>[] = [hostMagic, commonMagic];
  if (file !== undefined) tables.push(fileMagic);
  if (play) tables.push(playMagic);
  if (task) tables.push(taskMagic);
  const role = task?.role;
  if (role) tables.push(roleMagic);
  if (role && role.dependents.length > 0) tables.push(dependentMagic);
  if (role?.collection) tables.push(collectionMagic);
  return new LazyLayer(magic, tables);
};

interface Reaching {
  readonly host: string;
  readonly scope: LayeredScope;
  readonly templar: RunContext['templar'];
}

const knownDefaults = new WeakMap<TaskNode, Makers<Reaching>>();

/** How the host is reached where no variable says it: tasks see that as variables too. */
export const connectionDefaults = (
  host: string,
  task: TaskNode,
  scope: LayeredScope,
  { options, templar }: Pick<RunContext, 'options' | 'templar'>,
): Layer => {
  let table = knownDefaults.get(task);
  if (!table) {
    table = defaultsOf(task, options.connection);
    knownDefaults.set(task, table);
  }
  return new LazyLayer({ host, scope, templar }, [table]);
};

const defaultsOf = (task: TaskNode, options: RunContext['options']['connection']): Makers<Reaching> => {
  const { connection, user, port, timeout, executable } = options;
  const keyword = (name: string, otherwise: Value): ((reaching: Reaching) => Value) => {
    const written = inherited(task, name);
    return ({ templar, scope }) => (written === undefined ? otherwise : templar.render(written, scope));
  };
  const isGiven = (name: string, otherwise: Value | undefined): boolean =>
    otherwise !== undefined || inherited(task, name) !== undefined;
  return makers<Reaching>({
    ansible_host: ({ host }) => host,
    ansible_connection: keyword('connection', connection === 'smart' ? 'ssh' : connection),
    ...(isGiven('remote_user', user) && { ansible_user: keyword('remote_user', user ?? null) }),
    ...(isGiven('port', port) && { ansible_port: keyword('port', port ?? null) }),
    ansible_timeout: () => timeout,
    ansible_shell_executable: () => executable,
  });
};
