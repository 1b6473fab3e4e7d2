import { isDeepStrictEqual } from 'node:util';
import { ModuleFailure } from '../../../errors/index.ts';
import type { Json } from '../../../values/index.ts';
import type { ArgumentsOf } from '../../arguments.ts';
import { dockerArguments } from './arguments.ts';
import { Differences } from './compare.ts';
import type { JsonObject } from './engine.ts';
import { engineTexts } from './values.ts';

/** The arguments of docker_network. */
export const networkArguments = {
  ...dockerArguments,
  name: { type: 'str', required: true, aliases: ['network_name'], doc: 'The network.' },
  state: { type: 'str', default: 'present', choices: ['present', 'absent'], doc: 'Whether it is there.' },
  connected: {
    type: 'list',
    elements: 'str',
    default: [],
    aliases: ['containers'],
    doc: 'The containers that are in it; all that are in it stay when none are given.',
  },
  appends: { type: 'bool', default: false, aliases: ['incremental'], doc: 'Leave other containers in it.' },
  driver: { type: 'str', default: 'bridge', doc: 'Its driver.' },
  driver_options: { type: 'dict', default: {}, doc: 'Options for the driver.' },
  force: { type: 'bool', default: false, doc: 'Make it anew in any case.' },
  internal: { type: 'bool', doc: 'Whether nothing outside can be reached from it.' },
  attachable: { type: 'bool', doc: 'Whether containers that belong to no service may be in it.' },
  enable_ipv6: { type: 'bool', doc: 'Whether it has IPv6.' },
  scope: { type: 'str', choices: ['local', 'global', 'swarm'], doc: 'Where it is there.' },
  labels: { type: 'dict', default: {}, doc: 'Its labels.' },
  ipam_driver: { type: 'str', doc: 'What gives out its addresses.' },
  ipam_driver_options: { type: 'dict', doc: 'Options for that.' },
  ipam_config: {
    type: 'list',
    elements: 'dict',
    doc: 'Its addresses.',
    options: {
      subnet: { type: 'str', doc: 'The network, such as 172.20.0.0/16.' },
      iprange: { type: 'str', doc: 'The part of it that containers get addresses of.' },
      gateway: { type: 'str', doc: 'The gateway.' },
      aux_addresses: { type: 'dict', doc: 'Addresses that are in use, by host name.' },
    },
  },
} as const;

export type NetworkArguments = ArgumentsOf<typeof networkArguments>;

/** What of the arguments has another form with the engine. */
export interface WantedNetwork {
  readonly options: Record<string, string>;
  readonly labels: Record<string, string>;
  readonly ipamOptions: Record<string, string> | undefined;
  /** Address pools, without what was not given. */
  readonly pools: readonly JsonObject[];
}

const cidr = /^(?:(?:\d{1,3}\.){3}\d{1,3}\/(?:\d|[12]\d|3[0-2])|[\da-fA-F:]+\/(?:\d|[1-9]\d|1[0-2]\d))$/;

/** Brings arguments into the engine's form. Throws ModuleFailure for a subnet that is none. */
export const readNetwork = (args: NetworkArguments): WantedNetwork => ({
  options: engineTexts(args.driver_options),
  labels: engineTexts(args.labels),
  ipamOptions: args.ipam_driver_options && engineTexts(args.ipam_driver_options),
  pools: (args.ipam_config ?? []).map(({ subnet, iprange, gateway, aux_addresses: taken }) => {
    if (subnet === undefined || !cidr.test(subnet)) throw new ModuleFailure(`"${subnet ?? ''}" is not a valid CIDR`);
    return {
      Subnet: subnet,
      ...(iprange !== undefined && { IPRange: iprange }),
      ...(gateway !== undefined && { Gateway: gateway }),
      ...(taken && { AuxiliaryAddresses: engineTexts(taken) }),
    };
  }),
});

/** The names of the containers that are in a network. */
export const connectedNames = (network: JsonObject | null): string[] =>
  Object.values((network?.Containers ?? {}) as Record<string, JsonObject>).map(({ Name }) => String(Name));

/** What the engine is sent to make a network. */
export const createBody = (
  { options, labels, ipamOptions, pools }: WantedNetwork,
  args: NetworkArguments,
): JsonObject => ({
  Name: args.name,
  Driver: args.driver,
  Options: options,
  ...(args.enable_ipv6 && { EnableIPv6: true }),
  ...(args.internal && { Internal: true }),
  ...(args.scope !== undefined && { Scope: args.scope }),
  ...(args.attachable !== undefined && { Attachable: args.attachable }),
  Labels: labels,
  ...((args.ipam_driver || ipamOptions || pools.length > 0) && {
    IPAM: {
      Driver: args.ipam_driver ?? 'default',
      Config: [...pools],
      ...(ipamOptions && { Options: ipamOptions }),
    },
  }),
});

/** Dicts of ours have no prototype, which counts as a difference. */
const plain = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

const poolArguments = { Subnet: 'subnet', IPRange: 'iprange', Gateway: 'gateway', AuxiliaryAddresses: 'aux_addresses' };

/** What of a network is not as asked; more options and labels than that are fine. */
export const compareNetwork = (
  network: JsonObject,
  { options, labels, ipamOptions, pools }: WantedNetwork,
  args: NetworkArguments,
): Differences => {
  const differences = new Differences();
  const check = (name: string, wanted: Json | undefined, actual: Json | undefined): void => {
    if (wanted !== undefined && !isDeepStrictEqual(plain(wanted), plain(actual ?? null)))
      differences.add(name, wanted, actual);
  };
  const entries = (name: string, wanted: Record<string, string>, actual: Json | undefined): void => {
    const present = (actual ?? {}) as JsonObject;
    if (Object.keys(wanted).length > 0 && Object.keys(present).length === 0) differences.add(name, wanted, present);
    else for (const [key, value] of Object.entries(wanted)) check(`${name}.${key}`, value, present[key]);
  };
  const ipam = (network.IPAM ?? {}) as JsonObject;
  check('driver', args.driver, network.Driver);
  entries('driver_options', options, network.Options);
  check('ipam_driver', args.ipam_driver || undefined, ipam.Driver);
  check('ipam_driver_options', ipamOptions && { ...ipamOptions }, { ...((ipam.Options ?? {}) as JsonObject) });
  const actualPools = (ipam.Config ?? []) as JsonObject[];
  pools.forEach((pool, index) => {
    const holds = (actual: JsonObject): boolean =>
      Object.entries(pool).every(([key, value]) => isDeepStrictEqual(plain(value), plain(actual[key] ?? null)));
    const same = actualPools.find(holds) ?? {};
    for (const [key, name] of Object.entries(poolArguments)) {
      check(`ipam_config[${index}].${name}`, pool[key], same[key]);
    }
  });
  check('enable_ipv6', args.enable_ipv6, network.EnableIPv6 ?? false);
  check('internal', args.internal, network.Internal ?? false);
  check('scope', args.scope, network.Scope);
  check('attachable', args.attachable, network.Attachable ?? false);
  entries('labels', labels, network.Labels);
  return differences;
};
