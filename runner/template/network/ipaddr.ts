import { integer, type Value } from '../../values/index.ts';
import { filterError, isText, text } from '../filters/support.ts';
import { intOf, truth } from '../python/index.ts';
import { formatIp, IpNetwork, type IpVersion, networkOf, parseNetwork } from './ip-network.ts';
import { isLinkLocal, isLoopback, isMask, isMulticast, isPrivate } from './ranges.ts';

interface Subject {
  readonly v: IpNetwork;
  /** How the user wrote it: an address alone, or with a prefix. */
  readonly isNetwork: boolean;
  readonly value: Value;
}

type Query = (subject: Subject) => Value;

const nothing: Value = null;
const when = (condition: boolean, value: Value): Value => (condition ? value : nothing);
const alone = (v: IpNetwork): IpNetwork => new IpNetwork(v.version, v.value, v.width);

const needsNetwork =
  (query: (v: IpNetwork) => Value): Query =>
  ({ v, isNetwork }) => {
    if (!isNetwork) throw filterError('Not a network address');
    return query(v);
  };

/** The first and last address that a host can have; undefined for a single address. */
export const usable = (v: IpNetwork): readonly [bigint, bigint] | undefined => {
  if (v.size === 1n) return undefined;
  return v.size === 2n ? [v.first, v.last] : [v.first + 1n, v.last - 1n];
};

const isHostAddress = (v: IpNetwork): boolean => v.value !== v.first || v.broadcast === undefined;

const addressOf = (v: IpNetwork): Value =>
  when(v.size === 1n || isHostAddress(v) || (v.version === 6 && v.value === v.first), v.ip);

const addressAndPrefix = ({ v }: Subject): Value =>
  v.size > 2n && (v.value === v.first || v.value === v.broadcast) ? false : v.toString();

const neighbour = (step: bigint): Query =>
  needsNetwork((v) => {
    const range = usable(v);
    const next = v.value + step;
    return range && next >= range[0] && next <= range[1] ? v.show(next) : nothing;
  });

const peer = needsNetwork((v) => {
  if (v.size === 2n) return v.show(v.value ^ 1n);
  if (v.size !== 4n) throw filterError('Not a point-to-point network');
  if (v.value % 4n === 0n) throw filterError('Network address of /30 has no peer');
  if (v.value % 4n === 3n) throw filterError('Broadcast address of /30 has no peer');
  return v.show(v.value ^ 3n);
});

const toIpv4 = ({ v, value }: Subject): Value => {
  if (v.version === 4) return value;
  const low = v.value >> 32n === 0xffffn ? v.value - 0xffff00000000n : v.value;
  const network = networkOf(4, low, v.prefix - 96);
  return network ? network.toString() : false;
};

const sixToFour = ({ v, isNetwork, value }: Subject): Value => {
  if (v.version === 4) {
    if (v.size > 1n && v.value === v.first) return false;
    if (!isPublic(v) && !isPrivate(alone(v))) return false;
    const hex = v.value.toString(16).padStart(8, '0');
    return `2002:${hex.slice(0, 4)}:${hex.slice(4)}::1/48`;
  }
  const range = parseNetwork('2002::/16')!;
  return (!isNetwork || v.value !== v.first) && range.contains(alone(v)) ? value : false;
};

const reverseName = (v: IpNetwork): string => {
  if (v.version === 4) return `${v.ip.split('.').reverse().join('.')}.in-addr.arpa.`;
  return `${[...v.value.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa.`;
};

const isPublic = (v: IpNetwork): boolean => {
  const address = alone(v);
  return !isMulticast(address) && !isPrivate(address) && !isLoopback(address) && !isMask(address);
};

const netmask: Query = ({ v }) => v.show(v.netmask);
const hostmask: Query = ({ v }) => v.show(v.hostmask);
const network: Query = ({ v }) => v.show(v.first);
const subnet: Query = ({ v }) => v.cidr.toString();
const ip: Query = ({ v }) => addressOf(v);
const loopback: Query = ({ v, value }) => when(isLoopback(alone(v)), value);
const toIpv6: Query = ({ v, value }) =>
  v.version === 6 ? value : new IpNetwork(6, 0xffff00000000n + v.value, v.prefix + 96).toString();

const queries: Readonly<Record<string, Query>> = {
  '': ({ v, isNetwork }) => (isNetwork ? v.toString() : v.ip),
  '6to4': sixToFour,
  address: ip,
  'address/prefix': addressAndPrefix,
  bool: () => true,
  broadcast: ({ v }) => when(v.size > 2n, v.show(v.last)),
  cidr: ({ v }) => v.toString(),
  first_usable: needsNetwork((v) => {
    const range = usable(v);
    return range ? v.show(range[0]) : nothing;
  }),
  gateway: addressAndPrefix,
  gw: addressAndPrefix,
  host: ({ v }) => when(v.size === 1n || isHostAddress(v), v.toString()),
  'host/prefix': addressAndPrefix,
  hostmask,
  hostnet: addressAndPrefix,
  int: ({ v, isNetwork }) => (isNetwork ? `${v.value}/${v.prefix}` : integer(v.value)),
  ip,
  'ip/prefix': ({ v }) => when(v.size === 2n || (v.size > 1n && v.value !== v.first), v.toString()),
  ip_netmask: ({ v }) => when(v.size === 2n || (v.size > 1n && v.value !== v.first), `${v.ip} ${v.show(v.netmask)}`),
  ipv4: toIpv4,
  ipv6: toIpv6,
  last_usable: needsNetwork((v) => {
    const range = usable(v);
    return range ? v.show(range[1]) : nothing;
  }),
  'link-local': ({ v, value }) => when(isLinkLocal(alone(v)), value),
  lo: loopback,
  loopback,
  multicast: ({ v, value }) => when(isMulticast(v), value),
  net: ({ v }) => when(v.size > 1n && v.value === v.first, v.toString()),
  next_usable: neighbour(1n),
  netmask,
  network,
  network_id: network,
  'network/prefix': subnet,
  network_netmask: ({ v }) => `${v.show(v.first)} ${v.show(v.netmask)}`,
  network_wildcard: ({ v }) => `${v.show(v.first)} ${v.show(v.hostmask)}`,
  peer,
  prefix: ({ v }) => v.prefix,
  previous_usable: neighbour(-1n),
  private: ({ v, value }) => when(isPrivate(v), value),
  public: ({ v, value }) => when(isPublic(v), value),
  range_usable: needsNetwork((v) => {
    const range = usable(v);
    return range ? `${v.show(range[0])}-${v.show(range[1])}` : nothing;
  }),
  revdns: ({ v }) => reverseName(v),
  router: addressAndPrefix,
  size: ({ v }) => integer(v.size),
  size_usable: ({ v }) => (v.size === 1n ? 0 : v.size === 2n ? 2 : integer(v.size - 2n)),
  subnet,
  type: ({ v }) => (v.size === 1n || v.value !== v.first ? 'address' : 'network'),
  unicast: ({ v, value }) => when(!isMulticast(v), value),
  v4: toIpv4,
  v6: toIpv6,
  version: ({ v }) => v.version,
  wildcard: hostmask,
  wrap: ({ v, isNetwork, value }) => {
    if (v.version === 4) return value;
    return isNetwork ? `[${v.ip}]/${v.prefix}` : `[${v.ip}]`;
  },
};

// A number alone is an address; `2130706433/8` is a network.
const readSubject = (value: Value, version: IpVersion | undefined): Subject | undefined => {
  const shown = text(value);
  if (/^\d+$/.test(shown)) {
    const number = BigInt(shown);
    const v = (version === 6 ? undefined : networkOf(4, number, 32)) ?? networkOf(6, number, 128);
    return v && { v, isNetwork: false, value: v.toString() };
  }
  const parsed = parseNetwork(shown);
  if (parsed) return { v: parsed, isNetwork: shown.includes('/'), value };
  const numeric = /^(\d+)\/(\d+)$/.exec(shown);
  if (!numeric) return undefined;
  const [number, prefix] = [BigInt(numeric[1]!), Number(numeric[2])];
  const v = networkOf(4, number, prefix) ?? networkOf(6, number, prefix);
  return v && { v, isNetwork: true, value: v.toString() };
};

const nthAddress = ({ v, isNetwork }: Subject, index: bigint): Value => {
  if (v.size === 1n) return isNetwork ? v.toString() : v.ip;
  const address = nthOf(v, index);
  return address === undefined ? false : `${address}/${v.prefix}`;
};

/** The address at a place in a network, from its end for a negative one. */
export const nthOf = (v: IpNetwork, index: bigint): string | undefined => {
  if (index < -v.size || index >= v.size) return undefined;
  return formatIp(v.version, index < 0n ? v.last + index + 1n : v.first + index);
};

/** The `ipaddr` filter: an address or network if it is one and fits the query, or what the query asks of it. */
export const ipaddr = (value: Value, query: Value = '', version?: IpVersion, alias = 'ipaddr'): Value => {
  if (Array.isArray(value)) return value.map((item) => ipaddr(item, text(query), version)).filter(truth);
  if (!truth(value) || value === true) return false;
  const subject = isText(value) || intOf(value) !== undefined ? readSubject(value, version) : undefined;
  if (!subject) return false;
  const name = text(query);
  const known = Object.hasOwn(queries, name) ? queries[name] : undefined;
  const isNumber = /^[+-]?\d+(?:\.\d+)?$/.test(name);
  const range = known || isNumber ? undefined : parseNetwork(name);
  if (version !== undefined && subject.v.version !== version) return false;
  if (known) return known(subject);
  if (range) return when(range.cidr.contains(subject.v), subject.value);
  if (isNumber) return nthAddress(subject, BigInt(Math.trunc(Number(name))));
  throw filterError(`${alias}: unknown filter type: ${name}`);
};
