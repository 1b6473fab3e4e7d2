import { findContainer } from './containers.ts';
import type { EngineState, Item, Route } from './engine.ts';
import { newId, refuse } from './engine.ts';

type Dict = Record<string, unknown>;

export const findNetwork = (state: EngineState, name: string): Item | undefined =>
  [...state.networks.values()].find(({ Id, Name }) => Name === name || Id === name);

const joined = (container: Item): Dict => (container.NetworkSettings as Dict).Networks as Dict;

export const joinNetwork = (container: Item, network: Item, endpoint: Dict): void => {
  joined(container)[String(network.Name)] = {
    Aliases: null,
    Links: null,
    IPAMConfig: null,
    ...endpoint,
    NetworkID: network.Id,
  };
  (network.Containers as Dict)[container.Id] = { Name: String(container.Name).slice(1) };
};

export const leaveNetwork = (container: Item, network: Item): void => {
  delete joined(container)[String(network.Name)];
  delete (network.Containers as Dict)[container.Id];
};

export const networkRoutes: readonly Route[] = [
  [
    'GET',
    /^\/networks$/,
    ({ state, query }) => {
      const names = (JSON.parse(query.get('filters') ?? '{}') as { name?: string[] }).name;
      const all = [...state.networks.values()];
      return { body: names ? all.filter(({ Name }) => names.some((name) => String(Name).includes(name))) : all };
    },
  ],
  [
    'POST',
    /^\/networks\/create$/,
    ({ state, body }) => {
      if (findNetwork(state, String(body.Name)))
        return refuse(409, `network with name ${String(body.Name)} already exists`);
      const id = newId();
      const network: Item = {
        Id: id,
        Scope: 'local',
        Internal: false,
        EnableIPv6: false,
        Attachable: false,
        Options: {},
        Labels: {},
        Containers: {},
        ...body,
        IPAM: {
          Driver: 'default',
          Options: null,
          Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }],
          ...(body.IPAM as Dict),
        },
      };
      state.networks.set(id, network);
      return { status: 201, body: { Id: id, Warning: '' } };
    },
  ],
  [
    'GET',
    /^\/networks\/([^/]+)$/,
    ({ state, names }) => {
      const network = findNetwork(state, names[0]!);
      return network ? { body: network } : refuse(404, `network ${names[0]} not found`);
    },
  ],
  [
    'DELETE',
    /^\/networks\/([^/]+)$/,
    ({ state, names }) => {
      const network = findNetwork(state, names[0]!);
      if (!network) return refuse(404, `network ${names[0]} not found`);
      if (Object.keys(network.Containers as Dict).length > 0) {
        return refuse(403, `error while removing network: network ${String(network.Name)} has active endpoints`);
      }
      state.networks.delete(network.Id);
      return {};
    },
  ],
  [
    'POST',
    /^\/networks\/([^/]+)\/(connect|disconnect)$/,
    ({ state, names, body }) => {
      const network = findNetwork(state, names[0]!);
      const container = findContainer(state, String(body.Container));
      if (!network || !container) return refuse(404, `network ${names[0]} or container not found`);
      if (names[1] === 'disconnect') leaveNetwork(container, network);
      else if (joined(container)[String(network.Name)]) {
        return refuse(
          403,
          `endpoint with name ${String(container.Name)} already exists in network ${String(network.Name)}`,
        );
      } else joinNetwork(container, network, (body.EndpointConfig ?? {}) as Dict);
      return {};
    },
  ],
  [
    'POST',
    /^\/networks\/prune$/,
    ({ state }) => {
      const unused = [...state.networks.values()].filter(
        ({ Name, Containers }) =>
          !['bridge', 'host', 'none'].includes(String(Name)) && Object.keys(Containers as Dict).length === 0,
      );
      for (const { Id } of unused) state.networks.delete(Id);
      return { body: { NetworksDeleted: unused.length > 0 ? unused.map(({ Name }) => Name) : null } };
    },
  ],
];
