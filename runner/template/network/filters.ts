import { integer, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { filterError, isText, text } from '../filters/support.ts';
import { intOf, iterate, truth } from '../python/index.ts';
import { formatIp, type IpVersion, parseNetwork } from './ip-network.ts';
import { ipaddr } from './ipaddr.ts';
import { hwaddr, interfaceId, parseMac } from './mac.ts';
import { cidrMerge, ipMath, ipSubnet, isWithin, nthHost, nthUsable } from './subnets.ts';

// The names that these filters had before they moved to ansible.utils still work.
const everywhere = (name: string): string => `${name} ansible.netcommon.${name} ansible.utils.${name}`;
const utils = (name: string): string => `ansible.netcommon.${name} ansible.utils.${name}`;

const requireAddresses = (value: Value, name: string): Value => {
  if (isText(value) || Array.isArray(value) || intOf(value) !== undefined) return value;
  throw filterError(`Unrecognized type for ${name} filter <value>`);
};

const wrap = (value: Value): Value => {
  if (Array.isArray(value)) return value.map(wrap);
  const found = ipaddr(value, '', undefined, 'ipwrap');
  return truth(found) ? ipaddr(found, 'wrap') : value;
};

const slaac = (value: Value, mac: Value): Value => {
  const network = isText(value) ? parseNetwork(text(value)) : undefined;
  const digits = parseMac(mac);
  if (network?.version !== 6 || digits === undefined) return false;
  return formatIp(6, network.first + interfaceId(digits));
};

const mostAddresses = 1n << 20n;

const usableRange = (value: Value): Value => {
  const network = parseNetwork(text(value));
  if (!network || network.value !== network.first)
    throw filterError(
      `Error while using plugin 'usable_range': ${text(value)} is not an IP network, or has host bits set`,
    );
  if (network.size > mostAddresses)
    throw filterError(
      `Error while using plugin 'usable_range': ${text(value)} has more than ${mostAddresses} addresses`,
    );
  const addresses = Array.from({ length: Number(network.size) }, (_, index) =>
    network.show(network.first + BigInt(index)),
  );
  return new Map<Value, Value>([
    ['usable_ips', addresses],
    ['number_of_ips', integer(network.size)],
  ]);
};

const hexOf = (value: string, delimiter: string): string => {
  const network = parseNetwork(value);
  if (network?.version !== 4) throw filterError(`ip4_hex: ${value} is not an IPv4 address`);
  return network.value.toString(16).padStart(8, '0').match(/../g)!.join(delimiter);
};

const versions: Readonly<Record<string, IpVersion | undefined>> = { '4': 4, '6': 6 };

/** The filters of ansible.utils for addresses, networks and hardware addresses. */
export const networkFilters: readonly Filter[] = [
  defineFilter(
    everywhere('ipaddr'),
    'value, query="", version=None, alias="ipaddr"',
    (_, value, query, version, alias) =>
      ipaddr(requireAddresses(value, 'ipaddr'), query, versions[text(version)], text(alias)),
  ),
  defineFilter(everywhere('ipv4'), 'value, query=""', (_, value, query) =>
    ipaddr(requireAddresses(value, 'ipv4'), query, 4, 'ipv4'),
  ),
  defineFilter(everywhere('ipv6'), 'value, query=""', (_, value, query) =>
    ipaddr(requireAddresses(value, 'ipv6'), query, 6, 'ipv6'),
  ),
  defineFilter(everywhere('ipwrap'), 'value, query=""', (_, value) => wrap(value)),
  defineFilter(everywhere('ipsubnet'), 'value, query="", index=None', (_, value, query, index) =>
    ipSubnet(value, query, index),
  ),
  defineFilter(everywhere('ipmath'), 'value, amount', (_, value, amount) => ipMath(value, amount)),
  defineFilter(everywhere('ip4_hex'), 'arg, delimiter=""', (_, value, delimiter) =>
    hexOf(text(value), text(delimiter)),
  ),
  defineFilter(everywhere('nthhost'), 'value, query=""', (_, value, query) => nthHost(value, query)),
  defineFilter(everywhere('next_nth_usable'), 'value, offset', (_, value, offset) => nthUsable(value, offset, 1n)),
  defineFilter(everywhere('previous_nth_usable'), 'value, offset', (_, value, offset) => nthUsable(value, offset, -1n)),
  defineFilter(everywhere('network_in_network'), 'value, test', (_, value, test) => isWithin(value, test, false)),
  defineFilter(everywhere('network_in_usable'), 'value, test', (_, value, test) => isWithin(value, test, true)),
  defineFilter(everywhere('reduce_on_network'), 'value, network', (_, value, network) =>
    Array.from(iterate(value)).filter((address) => isWithin(network, address, false)),
  ),
  defineFilter(everywhere('slaac'), 'value, query=""', (_, value, query) => slaac(value, query)),
  defineFilter(everywhere('cidr_merge'), 'value, action="merge"', (_, value, action) => cidrMerge(value, text(action))),
  defineFilter(everywhere('hwaddr'), 'value, query="", alias="hwaddr"', (_, value, query, alias) =>
    hwaddr(value, text(query), text(alias)),
  ),
  defineFilter(utils('macaddr'), 'value, query=""', (_, value, query) => hwaddr(value, text(query), 'macaddr')),
  defineFilter('ansible.utils.usable_range', 'ip', (_, value) => usableRange(value)),
];
