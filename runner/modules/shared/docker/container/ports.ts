import { isIPv4, isIPv6 } from 'node:net';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { Json } from '../../../../values/index.ts';
import type { JsonObject } from '../engine.ts';
import type { OptionGroup, Values } from './option.ts';

/** Stands for the default address until that is known. */
const defaultAddress = '\0default';

type Bindings = Record<string, { HostIp: string; HostPort: string }[]>;

/** The ports from `9000` or `9000-9010`. */
const range = (text: string): number[] => {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (first === undefined) {
    throw new ModuleFailure(`Invalid port${text.includes('-') ? ' range' : ''}: "${text}"`);
  }
  if (Number(last) < Number(first)) throw new ModuleFailure(`Invalid port range: "${text}"`);
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
};

/** The parts between colons; an IPv6 address in brackets is one part. */
const splitParts = (text: string): string[] => text.match(/(?:\[[^\]]*\]|[^:[])+|(?<=^|:)(?=:|$)/g) ?? [''];

const address = (text: string): string => {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIPv4(text) || (text !== bare && isIPv6(bare.split('%')[0]!))) return text.includes('%') ? text : bare;
  throw new ModuleFailure(
    `Bind addresses for published ports must be IPv4 or IPv6 addresses (these in brackets), not hostnames; the dig lookup resolves those. (Found: ${text})`,
  );
};

/** Reads published ports in the syntax of docker's command line. */
export const readPublished = (ports: readonly string[]): Bindings => {
  const bindings: Bindings = {};
  for (const port of ports) {
    if (port === 'all') {
      throw new ModuleFailure('"all" cannot stand in published_ports; use publish_all_ports to publish all ports');
    }
    const parts = splitParts(port);
    if (parts.length > 3) {
      throw new ModuleFailure(
        `Invalid port description "${port}" - expected 1 to 3 colon-separated parts, but got ${parts.length}. An IPv6 address needs brackets ([...]) around it`,
      );
    }
    const [inside = '', protocol = 'tcp'] = parts.at(-1)!.split('/');
    const containerPorts = range(inside);
    const host = parts.at(-2) ?? '';
    const hostPorts =
      host === '' ? [] : containerPorts.length === 1 ? [host] : range(host).map((number) => String(number));
    const ip = parts.length === 3 ? address(parts[0]!) : defaultAddress;
    containerPorts.forEach((containerPort, index) => {
      if (host !== '' && hostPorts[index] === undefined) return;
      const key = `${containerPort}/${protocol}`;
      bindings[key] = [...(bindings[key] ?? []), { HostIp: ip, HostPort: hostPorts[index] ?? '' }];
    });
  }
  return bindings;
};

const withProtocol = (port: string): string => (port.includes('/') ? port : `${port}/tcp`);

/** Whether a port is among exposed ones, which may be ranges. */
const isExposed = (port: string, exposed: readonly string[]): boolean => {
  const [number, protocol] = port.split('/');
  return exposed.some((other) => {
    const [ports = '', otherProtocol] = other.split('/');
    const [first, last = first] = ports.split('-').map(Number);
    return otherProtocol === protocol && Number(number) >= first! && Number(number) <= last!;
  });
};

/** Whether a port is published at the default address. */
export const needsAddress = ({ published_ports: published }: Values): boolean =>
  published !== undefined &&
  Object.values(published as Bindings).some((list) => list.some(({ HostIp }) => HostIp === defaultAddress));

/** Puts the default address in its places. */
export const withAddress = (values: Values, ip: string): Values => {
  if (values.published_ports === undefined) return values;
  const entries = Object.entries(values.published_ports as Bindings).map(([port, list]): [string, Json] => [
    port,
    list.map(({ HostIp, HostPort }) => ({ HostIp: HostIp === defaultAddress ? ip : HostIp, HostPort })),
  ]);
  return { ...values, published_ports: Object.fromEntries(entries) };
};

export const portOptions: OptionGroup = {
  options: [
    { name: 'exposed_ports', type: 'set' },
    { name: 'publish_all_ports', type: 'value' },
    { name: 'published_ports', type: 'dict' },
  ],
  read: (args): Values => {
    const published = args.published_ports && readPublished(args.published_ports);
    const exposed = (args.exposed_ports ?? []).map((port) => withProtocol(port.trim()));
    const missing = Object.keys(published ?? {}).filter((port) => !isExposed(port, exposed));
    return {
      ...((args.exposed_ports || published) && { exposed_ports: [...exposed, ...missing] }),
      ...(published && { published_ports: published }),
      ...(args.publish_all_ports !== undefined && { publish_all_ports: args.publish_all_ports }),
    };
  },
  current: ({ Config, HostConfig }) => ({
    exposed_ports: Object.keys((Config.ExposedPorts ?? {}) as JsonObject).map(withProtocol),
    published_ports: HostConfig.PortBindings,
    publish_all_ports: HostConfig.PublishAllPorts,
  }),
  expected: (values, image) => {
    const ofImage = Object.keys((image?.Config.ExposedPorts ?? {}) as JsonObject).map(withProtocol);
    const given = (values.exposed_ports ?? []) as string[];
    return { ...values, exposed_ports: [...new Set([...ofImage, ...given])] };
  },
  create: (values, { config, hostConfig }) => {
    if (values.exposed_ports !== undefined) {
      config.ExposedPorts = Object.fromEntries((values.exposed_ports as string[]).map((port) => [port, {}]));
    }
    if (values.published_ports !== undefined) hostConfig.PortBindings = values.published_ports;
    if (values.publish_all_ports) hostConfig.PublishAllPorts = true;
  },
};
