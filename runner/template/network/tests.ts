import { spawnSync } from 'node:child_process';
import type { Value } from '../../values/index.ts';
import { defineTest, type Test } from '../define.ts';
import { isText, text } from '../filters/support.ts';
import { intOf, iterate } from '../python/index.ts';
import { IpNetwork, parseIp, parseNetwork } from './ip-network.ts';
import { isGlobal, isLoopback, isMulticast, isReserved, isSpecial } from './ranges.ts';

// As Python's ipaddress module, which is stricter than netaddr: all four numbers, and no bits of a host.
const networkOf = (value: Value): IpNetwork | undefined => {
  const number = typeof value === 'boolean' ? undefined : intOf(value);
  if (number !== undefined) return new IpNetwork(4, BigInt(number), 32);
  if (!isText(value) || !parseIp(text(value).split('/')[0]!)) return undefined;
  const network = parseNetwork(text(value));
  return network && network.value === network.first ? network : undefined;
};

const addressOf = (value: Value): IpNetwork | undefined =>
  isText(value) && text(value).includes('/') ? undefined : networkOf(value);

const defineNetworkTest = (name: string, parameter: string, check: (network: IpNetwork) => boolean): Test =>
  defineTest(`ansible.utils.${name}`, parameter, (_, value: Value) => {
    const network = networkOf(value);
    return network !== undefined && check(network);
  });

const defineAddressTest = (name: string, check: (address: IpNetwork) => boolean): Test =>
  defineTest(`ansible.utils.${name}`, 'ip', (_, value: Value) => {
    const address = addressOf(value);
    return address !== undefined && check(address);
  });

const isSubnet = (inner: Value, outer: Value): boolean => {
  const [one, other] = [networkOf(inner), networkOf(outer)];
  if (!one || !other) return false;
  return other.contains(one);
};

const countOf = (value: Value, networks: Value): number =>
  [...iterate(networks)].filter((network) => isSubnet(value, network)).length;

const isMaskOf = (mask: Value, side: 'netmask' | 'hostmask'): boolean => {
  if (!isText(mask)) return false;
  const network = parseNetwork(`10.0.0.0/${text(mask)}`);
  return network !== undefined && network.show(network[side]) === text(mask);
};

const startsWith = (address: IpNetwork, prefix: string): boolean => parseNetwork(prefix)!.contains(address);

// An IPv4 address in the form of an IPv6 one is judged as what it is.
const unmapped = (address: IpNetwork): IpNetwork =>
  startsWith(address, '::ffff:0:0/96') ? new IpNetwork(4, address.value & 0xffffffffn, 32) : address;

const macLayouts = /^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$|^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$|^[0-9a-f]{12}$/i;

// Names are looked up by the controller's own resolver.
const isResolvable = (host: string): boolean =>
  spawnSync('getent', [parseIp(host) ? 'hosts' : 'ahosts', host], { stdio: 'ignore' }).status === 0;

/** The tests of ansible.utils for addresses, networks and hardware addresses. */
export const networkTests: readonly Test[] = [
  defineNetworkTest('ip', 'ip', () => true),
  defineNetworkTest('ipv4', 'ip', ({ version }) => version === 4),
  defineNetworkTest('ipv6', 'ip', ({ version }) => version === 6),
  defineAddressTest('ip_address', () => true),
  defineAddressTest('ipv4_address', ({ version }) => version === 4),
  defineAddressTest('ipv6_address', ({ version }) => version === 6),
  defineAddressTest('ipv6_ipv4_mapped', (address) => startsWith(address, '::ffff:0:0/96')),
  defineAddressTest('ipv6_sixtofour', (address) => startsWith(address, '2002::/16')),
  defineAddressTest('ipv6_teredo', (address) => startsWith(address, '2001::/32')),
  defineAddressTest('loopback', isLoopback),
  defineAddressTest('multicast', isMulticast),
  defineAddressTest('private', (address) => isSpecial(unmapped(address))),
  defineAddressTest('public', (address) => isGlobal(unmapped(address))),
  defineAddressTest('reserved', isReserved),
  defineAddressTest('unspecified', ({ value }) => value === 0n),
  defineTest('ansible.utils.ipv4_netmask', 'mask', (_, mask) => isMaskOf(mask, 'netmask')),
  defineTest('ansible.utils.ipv4_hostmask', 'ip', (_, mask) => isMaskOf(mask, 'hostmask')),
  defineTest('ansible.utils.in_network', 'ip, network', (_, value, network) => isSubnet(value, network)),
  defineTest('ansible.utils.in_any_network', 'ip, networks', (_, value, networks) => countOf(value, networks) > 0),
  defineTest('ansible.utils.in_one_network', 'ip, networks', (_, value, networks) => countOf(value, networks) === 1),
  defineTest('ansible.utils.subnet_of', 'network_a, network_b', (_, inner, outer) => isSubnet(inner, outer)),
  defineTest('ansible.utils.supernet_of', 'network_a, network_b', (_, outer, inner) => isSubnet(inner, outer)),
  defineTest('ansible.utils.mac', 'mac', (_, value) => isText(value) && macLayouts.test(text(value))),
  defineTest('ansible.utils.resolvable', 'host', (_, value) => isResolvable(text(value))),
];
