import type { Answer, EngineCall, EngineState, Item, Route } from './engine.ts';
import { newId, refuse } from './engine.ts';
import { findImage } from './images.ts';
import { findNetwork, joinNetwork, leaveNetwork } from './networks.ts';

type Dict = Record<string, unknown>;

export const findContainer = (state: EngineState, name: string): Item | undefined =>
  [...state.containers.values()].find(
    ({ Id, Name }) => Name === `/${name}` || Id === name || (name.length >= 4 && Id.startsWith(name)),
  );

const withContainer =
  (work: (container: Item, call: EngineCall) => Answer) =>
  (call: EngineCall): Answer => {
    const container = findContainer(call.state, call.names[0]!);
    return container ? work(container, call) : refuse(404, `No such container: ${call.names[0]}`);
  };

const stateOf = (container: Item): Dict => container.State as Dict;

const setRunning = (container: Item, isRunning: boolean): void => {
  Object.assign(stateOf(container), { Running: isRunning, Paused: false, Status: isRunning ? 'running' : 'exited' });
};

const create = ({ query, body, state }: EngineCall): Answer => {
  const name = query.get('name')!;
  if (findContainer(state, name)) {
    return refuse(409, `Conflict. The container name "/${name}" is already in use by container`);
  }
  const image = findImage(state, String(body.Image));
  if (!image) return refuse(404, `No such image: ${String(body.Image)}`);
  const { HostConfig: given = {}, ...config } = body;
  const host = given as Dict;
  const own = image.Config as Dict;
  const merged = (key: string): Dict => ({ ...(own[key] as Dict | null), ...(config[key] as Dict | undefined) });
  const variables = new Map(
    [...((own.Env as string[] | null) ?? []), ...((config.Env as string[] | undefined) ?? [])].map((entry) => [
      entry.split('=')[0]!,
      entry,
    ]),
  );
  const container: Item = {
    Id: newId(),
    Name: `/${name}`,
    Image: image.Id,
    Platform: 'linux',
    State: { Status: 'created', Running: false, Paused: false, ExitCode: 0 },
    Config: {
      ...own,
      Hostname: '0123456789ab',
      ...config,
      Env: [...variables.values()],
      Labels: merged('Labels'),
      Volumes: merged('Volumes'),
      ExposedPorts: merged('ExposedPorts'),
    },
    HostConfig: {
      NetworkMode: 'bridge',
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      LogConfig: { Type: 'json-file', Config: {} },
      PortBindings: {},
      Memory: 0,
      ...host,
    },
    NetworkSettings: { Networks: {} },
  };
  const network = findNetwork(state, String((container.HostConfig as Dict).NetworkMode));
  if (network) joinNetwork(container, network, {});
  state.containers.set(container.Id, container);
  return { status: 201, body: { Id: container.Id, Warnings: [] } };
};

/** A frame of a container's output without a terminal. */
const frame = (stream: 1 | 2, text: string): Buffer => {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

const outcome = (container: Item, state: EngineState) =>
  state.commands.get(((container.Config as Dict).Cmd as string[]).join(' ')) ?? {};

const output = ({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string }, hasTerminal: boolean): Buffer =>
  hasTerminal
    ? Buffer.from(stdout + stderr)
    : Buffer.concat([...(stdout ? [frame(1, stdout)] : []), ...(stderr ? [frame(2, stderr)] : [])]);

const executions = new Map<string, { container: Item; body: Dict }>();

/** What a command in a container writes; what it reads comes behind that. */
export const runExecution = (id: string, state: EngineState, input: string): Buffer => {
  const { body } = executions.get(id)!;
  const result = state.commands.get((body.Cmd as string[]).join(' ')) ?? {};
  return output({ ...result, stdout: `${result.stdout ?? ''}${input}` }, body.Tty === true);
};

export const containerRoutes: readonly Route[] = [
  [
    'GET',
    /^\/containers\/json$/,
    ({ state }) => ({ body: [...state.containers.values()].map(({ Id, Name }) => ({ Id, Names: [Name] })) }),
  ],
  ['POST', /^\/containers\/create$/, create],
  ['GET', /^\/containers\/([^/]+)\/json$/, withContainer((container) => ({ body: container }))],
  [
    'POST',
    /^\/containers\/([^/]+)\/start$/,
    withContainer((container) => {
      setRunning(container, true);
      return {};
    }),
  ],
  [
    'POST',
    /^\/containers\/([^/]+)\/(?:stop|kill)$/,
    withContainer((container) => {
      setRunning(container, false);
      return {};
    }),
  ],
  [
    'POST',
    /^\/containers\/([^/]+)\/restart$/,
    withContainer((container) => {
      setRunning(container, true);
      return {};
    }),
  ],
  [
    'POST',
    /^\/containers\/([^/]+)\/(pause|unpause)$/,
    withContainer((container, { names }) => {
      stateOf(container).Paused = names[1] === 'pause';
      return {};
    }),
  ],
  [
    'POST',
    /^\/containers\/([^/]+)\/update$/,
    withContainer((container, { body }) => {
      Object.assign(container.HostConfig as Dict, body);
      return { body: { Warnings: ['something to know'] } };
    }),
  ],
  [
    'POST',
    /^\/containers\/([^/]+)\/wait$/,
    withContainer((container, { state }) => {
      setRunning(container, false);
      return { body: { StatusCode: outcome(container, state).code ?? 0 } };
    }),
  ],
  [
    'GET',
    /^\/containers\/([^/]+)\/logs$/,
    withContainer((container, { state }) => ({
      bytes: output(outcome(container, state), (container.Config as Dict).Tty === true),
    })),
  ],
  [
    'DELETE',
    /^\/containers\/([^/]+)$/,
    withContainer((container, { state, query }) => {
      if (stateOf(container).Running && query.get('force') !== 'true') {
        return refuse(409, `cannot remove container "${String(container.Name)}": container is running`);
      }
      for (const network of state.networks.values()) leaveNetwork(container, network);
      state.containers.delete(container.Id);
      return {};
    }),
  ],
  [
    'POST',
    /^\/containers\/([^/]+)\/exec$/,
    withContainer((container, { body }) => {
      if (!stateOf(container).Running) return refuse(409, `container ${container.Id} is not running`);
      const id = newId();
      executions.set(id, { container, body });
      return { status: 201, body: { Id: id } };
    }),
  ],
  [
    'POST',
    /^\/exec\/([^/]+)\/start$/,
    ({ names, state, body }) => (body.Detach ? {} : { bytes: runExecution(names[0]!, state, '') }),
  ],
  [
    'GET',
    /^\/exec\/([^/]+)\/json$/,
    ({ names, state }) => {
      const { body } = executions.get(names[0]!)!;
      return { body: { ExitCode: state.commands.get((body.Cmd as string[]).join(' '))?.code ?? 0, Running: false } };
    },
  ],
  [
    'POST',
    /^\/containers\/prune$/,
    ({ state }) => {
      const gone = [...state.containers.values()].filter((container) => !stateOf(container).Running);
      for (const { Id } of gone) state.containers.delete(Id);
      return { body: { ContainersDeleted: gone.length > 0 ? gone.map(({ Id }) => Id) : null, SpaceReclaimed: 12 } };
    },
  ],
];
