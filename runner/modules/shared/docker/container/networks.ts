import { ModuleFailure } from '../../../../errors/index.ts';
import type { Json } from '../../../../values/index.ts';
import { matches } from '../compare.ts';
import { type Engine, filters, type JsonObject, part, purpose } from '../engine.ts';
import type { ContainerArguments } from './option.ts';

/** A network that a container is to be in. */
export interface WantedNetwork {
  readonly id: string;
  readonly name: string;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
  readonly aliases: readonly string[];
  /** As `container:alias`. */
  readonly links: readonly string[];
}

/** Looks the networks of the arguments up. Fails for one that there is not. */
export const wantedNetworks = (args: ContainerArguments, engine: Engine): Promise<WantedNetwork[]> =>
  Promise.all(
    (args.networks ?? []).map(async ({ name, ipv4_address, ipv6_address, aliases, links }) => {
      const found = (await purpose(
        `Error getting network id for ${name}`,
        engine.get('/networks', { filters: filters({ name: [name] }) }),
      )) as JsonObject[];
      const id = found.find((network) => network.Name === name)?.Id;
      if (id === undefined) {
        throw new ModuleFailure(`Parameter error: network named ${name} could not be found. Does it exist?`);
      }
      return {
        id: String(id),
        name,
        ipv4: ipv4_address || undefined,
        ipv6: ipv6_address || undefined,
        aliases: aliases ?? [],
        links: (links ?? []).map((link) => (link.includes(':') ? link : `${link}:${link}`)),
      };
    }),
  );

const connected = (container: JsonObject): Record<string, JsonObject> =>
  (((container.NetworkSettings ?? {}) as JsonObject).Networks ?? {}) as Record<string, JsonObject>;

interface MissingNetwork {
  readonly network: WantedNetwork;
  readonly current: JsonObject | undefined;
}

/** Networks that a container is not in as it should be, with what it has there. */
export const missingNetworks = (container: JsonObject, wanted: readonly WantedNetwork[]): MissingNetwork[] =>
  wanted.flatMap((network): MissingNetwork[] => {
    const current = connected(container)[network.name];
    if (!current) return [{ network, current }];
    const { IPv4Address, IPv6Address } = (current.IPAMConfig ?? {}) as JsonObject;
    const differs =
      (network.ipv4 !== undefined && network.ipv4 !== IPv4Address) ||
      (network.ipv6 !== undefined && network.ipv6 !== IPv6Address) ||
      (network.aliases.length > 0 && !matches([...network.aliases], current.Aliases, 'allow_more_present', 'set')) ||
      (network.links.length > 0 && !matches([...network.links], current.Links, 'allow_more_present', 'set'));
    return differs ? [{ network, current }] : [];
  });

/** The names of networks that a container is in and need not be. */
export const extraNetworks = (container: JsonObject, wanted: readonly WantedNetwork[]): string[] =>
  Object.keys(connected(container)).filter((name) => !wanted.some((network) => network.name === name));

/** A wanted network as the module's diff shows it. */
export const describeNetwork = (network: WantedNetwork): Json => ({
  name: network.name,
  id: network.id,
  ipv4_address: network.ipv4 ?? null,
  ipv6_address: network.ipv6 ?? null,
  aliases: network.aliases.length > 0 ? [...network.aliases] : null,
  links: network.links.length > 0 ? [...network.links] : null,
});

/** The same of what a container has in a network. */
export const describeCurrent = (name: string, { IPAMConfig, Aliases, Links }: JsonObject): Json => {
  const { IPv4Address, IPv6Address } = (IPAMConfig ?? {}) as JsonObject;
  return {
    name,
    ipv4_address: IPv4Address ?? null,
    ipv6_address: IPv6Address ?? null,
    aliases: Aliases ?? null,
    links: Links ?? null,
  };
};

/** Puts a container into a network. Throws ModuleFailure. */
export const connectNetwork = async (engine: Engine, container: string, network: WantedNetwork): Promise<void> => {
  const addresses = {
    ...(network.ipv4 !== undefined && { IPv4Address: network.ipv4 }),
    ...(network.ipv6 !== undefined && { IPv6Address: network.ipv6 }),
  };
  await purpose(
    `Error connecting container to network ${network.name}`,
    engine.post(`/networks/${part(network.id)}/connect`, {
      body: {
        Container: container,
        EndpointConfig: {
          ...(network.links.length > 0 && { Links: [...network.links] }),
          ...(network.aliases.length > 0 && { Aliases: [...network.aliases] }),
          ...(Object.keys(addresses).length > 0 && { IPAMConfig: addresses }),
        },
      },
    }),
  );
};

/** Takes a container out of a network. Throws ModuleFailure. */
export const disconnectNetwork = async (
  engine: Engine,
  container: string,
  network: { id: string; name: string },
): Promise<void> => {
  await purpose(
    `Error disconnecting container from network ${network.name}`,
    engine.post(`/networks/${part(network.id)}/disconnect`, { body: { Container: container } }),
  );
};

/** The address that ports are published on by default: that of a bridge that has one of its own, or all. */
export const defaultHostIp = async (args: ContainerArguments, engine: Engine): Promise<string> => {
  const given = args.default_host_ip;
  if (given !== undefined) {
    if (given === '' || /^\d+\.\d+\.\d+\.\d+$/.test(given) || /^\[[0-9a-fA-F:]+\]$/.test(given)) return given;
    if (/^[0-9a-fA-F:]+$/.test(given)) return `[${given}]`;
    throw new ModuleFailure(
      `The value of default_host_ip must be an empty string, an IPv4 address, or an IPv6 address. Got "${given}" instead.`,
    );
  }
  for (const { name } of args.networks ?? []) {
    const network = await purpose(`Error inspecting network ${name}`, engine.find(`/networks/${part(name)}`));
    const ip = ((network?.Options ?? {}) as JsonObject)['com.docker.network.bridge.host_binding_ipv4'];
    if (network?.Driver === 'bridge' && typeof ip === 'string' && ip !== '') return ip;
  }
  return '0.0.0.0';
};
