import { type IpNetwork, parseNetwork } from './ip-network.ts';

/** Networks, read when they are first asked for: every start would pay for it otherwise. */
const networks = (...texts: readonly string[]): (() => readonly IpNetwork[]) => {
  let known: readonly IpNetwork[] | undefined;
  return () => {
    known ??= texts.map((text) => parseNetwork(text)!);
    return known;
  };
};
const isIn = (ranges: () => readonly IpNetwork[], network: IpNetwork): boolean =>
  ranges().some((range) => range.contains(network));

// What netaddr, and so the ipaddr filter, calls these.
const linkLocal = networks('169.254.0.0/16', 'fe80::/10');
const privateRanges = networks(
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '239.0.0.0/8',
  'fc00::/7',
  'fec0::/10',
);
const loopback = networks('127.0.0.0/8', '::1/128');
const multicast = networks('224.0.0.0/4', 'ff00::/8');

export const isLinkLocal = (network: IpNetwork): boolean => isIn(linkLocal, network);
export const isPrivate = (network: IpNetwork): boolean => isIn(privateRanges, network) || isLinkLocal(network);
export const isLoopback = (network: IpNetwork): boolean => isIn(loopback, network);
export const isMulticast = (network: IpNetwork): boolean => isIn(multicast, network);

/** Whether an address looks like a mask of networks or of hosts. */
export const isMask = ({ value, width }: IpNetwork): boolean => {
  const other = value ^ ((1n << BigInt(width)) - 1n);
  return (value & (value + 1n)) === 0n || (other & (other + 1n)) === 0n;
};

// What Python's ipaddress module, and so the tests of ansible.utils, calls these.
const special = networks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/29',
  '192.0.0.170/31',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  '::1/128',
  '::/128',
  '::ffff:0:0/96',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  'fc00::/7',
  'fe80::/10',
);
const shared = networks('100.64.0.0/10');
const reserved = networks(
  '240.0.0.0/4',
  '::/8',
  '100::/8',
  '200::/7',
  '400::/6',
  '800::/5',
  '1000::/4',
  '4000::/3',
  '6000::/3',
  '8000::/3',
  'a000::/3',
  'c000::/3',
  'e000::/4',
  'f000::/5',
  'f800::/6',
  'fe00::/9',
);

export const isSpecial = (network: IpNetwork): boolean => isIn(special, network);
export const isGlobal = (network: IpNetwork): boolean => !isSpecial(network) && !isIn(shared, network);
export const isReserved = (network: IpNetwork): boolean => isIn(reserved, network);
