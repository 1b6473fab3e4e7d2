import { integer, type Value } from '../../values/index.ts';
import { filterError, isText, text } from '../filters/support.ts';
import { intOf, iterate, templateError, truth, wholeArgument } from '../python/index.ts';
import { IpNetwork, networkOf, parseNetwork } from './ip-network.ts';
import { ipaddr, nthOf, usable } from './ipaddr.ts';

// The network that a filter works with: of an address just itself with its prefix, of a network without host bits.
const normalized = (value: Value): IpNetwork | undefined => {
  const type = ipaddr(value, 'type');
  const shown = type === 'address' ? ipaddr(value, 'cidr') : type === 'network' ? ipaddr(value, 'subnet') : undefined;
  return shown === undefined ? undefined : parseNetwork(text(shown));
};

const typeOf = (v: IpNetwork): 'address' | 'network' => (v.size === 1n ? 'address' : 'network');

/** The `ipsubnet` filter: how many subnets there are of a size, which one is at an index, which one a network is. */
export const ipSubnet = (value: Value, query: Value, index: Value): Value => {
  const v = normalized(value)?.cidr;
  if (!v) return false;
  const wanted = text(query ?? '');
  if (wanted === '') return v.toString();
  if (!/^\d+$/.test(wanted)) return placeIn(v, query);
  const prefix = Number(wanted);
  if (prefix > v.width) return false;
  if (typeOf(v) === 'address') {
    const place = index === null ? 0 : wholeArgument(index);
    if (place > v.width + 1 - place || place < prefix - v.width) return false;
    const supernets = Array.from({ length: v.prefix - prefix }, (_, step) => prefix + step);
    const chosen = supernets.at(place);
    return chosen === undefined ? false : new IpNetwork(v.version, v.value, chosen).cidr.toString();
  }
  if (index === null) {
    if (prefix < v.prefix) throw filterError(`Requested subnet size of ${prefix} is invalid`);
    return text(integer(1n << BigInt(prefix - v.prefix)));
  }
  const wantedPlace = BigInt(Number(text(index)));
  // A subnet that is larger than the network has one place, and the network begins it.
  if (prefix < v.prefix) return wantedPlace === 0n ? new IpNetwork(v.version, v.first, prefix).toString() : false;
  const count = 1n << BigInt(prefix - v.prefix);
  const place = wantedPlace < 0n ? wantedPlace + count : wantedPlace;
  if (place < 0n || place >= count) return false;
  return new IpNetwork(v.version, v.first + (place << BigInt(v.width - prefix)), prefix).toString();
};

const placeIn = (v: IpNetwork, query: Value): Value => {
  const outer = normalized(query);
  if (!outer) throw filterError(`You must pass a valid subnet or IP address; ${text(query)} is invalid`);
  const shift = BigInt(v.width - outer.prefix);
  if (outer.prefix > v.prefix || v.value >> shift !== outer.value >> shift)
    throw filterError(`${v.cidr} is not in the subnet ${outer.cidr}`);
  const place = (v.value >> BigInt(v.width - v.prefix)) & ((1n << BigInt(v.prefix - outer.prefix)) - 1n);
  return text(integer(place + 1n));
};

/** `nthhost`: the address at a place in a network. */
export const nthHost = (value: Value, query: Value): Value => {
  const v = normalized(value);
  if (!v || !truth(query)) return false;
  const place = /^\s*[+-]?\d+\s*$/.test(text(query)) ? BigInt(text(query).trim()) : undefined;
  return place !== undefined && v.size > place ? (nthOf(v, place) ?? false) : false;
};

/** `next_nth_usable` and `previous_nth_usable`: an address so far from this one, if a host can have it. */
export const nthUsable = (value: Value, offset: Value, direction: 1n | -1n): Value => {
  const v = normalized(value);
  if (!v) return false;
  if (typeof offset === 'boolean' || intOf(offset) === undefined) throw filterError('Must pass in an integer');
  const range = usable(v);
  const address = v.value + direction * BigInt(intOf(offset)!);
  return range && address >= range[0] && address <= range[1] ? v.show(address) : null;
};

// As the C library reads an address: `10.1` is 10.0.0.1, and a number alone is one as well.
const readShortAddress = (shown: string): IpNetwork | undefined => {
  const parts = /^\d+(?:\.\d+){0,2}$/.test(shown) ? shown.split('.').map(BigInt) : undefined;
  if (!parts) return parseNetwork(shown);
  const last = parts.pop()!;
  const head = parts.reduce((sum, part) => (sum << 8n) | part, 0n);
  return networkOf(4, (head << BigInt(8 * (4 - parts.length))) + last, 32);
};

/** `ipmath`: an address so far from this one. */
export const ipMath = (value: Value, amount: Value): Value => {
  const shown = isText(value) ? text(value) : '';
  const v = shown.includes('/') ? parseNetwork(shown) : readShortAddress(shown);
  if (!v) throw filterError(`You must pass a valid IP address; ${text(value)} is invalid`);
  const step = intOf(amount);
  if (step === undefined)
    throw filterError(`You must pass an integer for arithmetic; ${text(amount)} is not a valid integer`);
  const moved = networkOf(v.version, v.value + BigInt(step), v.width);
  if (!moved) throw templateError('key', 'result outside valid IP address boundary!');
  return moved.ip;
};

// First and last address of a value, or of what hosts can have in it.
const boundsOf = (value: Value, onlyUsable = false): readonly [bigint, bigint] => {
  const v = normalized(value)?.cidr;
  // What is no address is the number 0 to these filters.
  if (!v) return [0n, 0n];
  return (onlyUsable ? usable(v) : undefined) ?? [v.first, v.last];
};

/** Whether all of `other` is in the network, or among the addresses that its hosts can have. */
export const isWithin = (network: Value, other: Value, onlyUsable: boolean): boolean => {
  const [first, last] = boundsOf(network, onlyUsable);
  const [otherFirst, otherLast] = boundsOf(other);
  return first <= otherFirst && otherLast <= last;
};

const readAll = (values: Value): IpNetwork[] =>
  Array.from(iterate(values), (value) => {
    const network = parseNetwork(text(value));
    if (!network) throw filterError(`cidr_merge: error in netaddr:\ninvalid IPNetwork ${text(value)}`);
    return network;
  });

const byAddress = (left: IpNetwork, right: IpNetwork): number => {
  if (left.version !== right.version) return left.version - right.version;
  if (left.first !== right.first) return left.first < right.first ? -1 : 1;
  return left.prefix - right.prefix;
};

// Networks that lie in others go, pairs of halves become one.
const merge = (networks: readonly IpNetwork[]): IpNetwork[] => {
  const merged: IpNetwork[] = [];
  for (const network of networks.map((one) => one.cidr).sort(byAddress)) {
    let current = network;
    if (merged.at(-1)?.contains(current)) continue;
    for (let before = merged.at(-1); before !== undefined; before = merged.at(-1)) {
      const parent = new IpNetwork(before.version, before.first, before.prefix - 1);
      const areHalves = before.prefix === current.prefix && before.prefix > 0 && parent.contains(current);
      if (!areHalves || parent.first !== before.first) break;
      merged.pop();
      current = parent.cidr;
    }
    merged.push(current);
  }
  return merged;
};

const span = (networks: readonly IpNetwork[]): IpNetwork => {
  const sorted = [...networks].sort(byAddress);
  const lowest = sorted[0]!;
  const highest = sorted.at(-1)!;
  if (lowest.version !== highest.version)
    throw filterError('cidr_merge: error in netaddr:\nIP sequence cannot contain both IPv4 and IPv6!');
  let prefix = highest.prefix;
  while (prefix > 0 && new IpNetwork(highest.version, highest.last, prefix).first > lowest.first) prefix--;
  return new IpNetwork(highest.version, highest.last, prefix).cidr;
};

/** `cidr_merge`: the fewest networks that hold the same addresses, or the one that holds all. */
export const cidrMerge = (values: Value, action: string): Value => {
  if (isText(values) || !(Array.isArray(values) || values instanceof Set || values instanceof Map))
    throw filterError(`cidr_merge: expected iterable, got ${text(values)}`);
  const networks = readAll(values);
  if (action === 'merge') return merge(networks).map(String);
  if (action !== 'span') throw filterError(`cidr_merge: invalid action '${action}'`);
  if (networks.length === 0) return null;
  return String(networks.length === 1 ? networks[0] : span(networks));
};
