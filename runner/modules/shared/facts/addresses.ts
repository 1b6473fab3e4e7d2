export interface Ipv4Address {
  readonly address: string;
  readonly broadcast: string;
  readonly netmask: string;
  readonly network: string;
  readonly prefix: string;
  readonly label: string;
  readonly isSecondary: boolean;
}

export interface InterfaceAddresses {
  readonly ipv4: Ipv4Address[];
  readonly ipv6: { readonly address: string; readonly prefix: string; readonly scope: string }[];
}

/** `ip addr show` by interface, in its order; secondary addresses last, as Ansible asks for them in a second round. */
export const readAddresses = (output: string): Map<string, InterfaceAddresses> => {
  const found = new Map<string, InterfaceAddresses>();
  const isLast = new Map<object, boolean>();
  let current: InterfaceAddresses | undefined;
  for (const line of output.split('\n')) {
    const header = /^\d+: ([^@:\s]+(?::\d+)?)(?:@[^:]*)?:/.exec(line)?.[1];
    if (header !== undefined) {
      current = { ipv4: [], ipv6: [] };
      found.set(header, current);
      continue;
    }
    const words = line.trim().split(/\s+/);
    const isSecondary = / (secondary|temporary)( |$)/.test(line);
    if (words[0] === 'inet') current?.ipv4.push(readIpv4(words, isSecondary));
    else if (words[0] === 'inet6' && current) {
      const entry = readIpv6(words);
      isLast.set(entry, isSecondary);
      current.ipv6.push(entry);
    }
  }
  for (const { ipv4, ipv6 } of found.values()) {
    ipv4.sort((a, b) => Number(a.isSecondary) - Number(b.isSecondary));
    ipv6.sort((a, b) => Number(isLast.get(a)) - Number(isLast.get(b)));
  }
  return found;
};

const readIpv4 = (words: readonly string[], isSecondary: boolean): Ipv4Address => {
  // A point-to-point address may have no prefix.
  const [address = '', prefix = '32'] = words[1]!.split('/');
  const broadcast = words[1]!.includes('/') && words.length > 3 && words[2] === 'brd' ? words[3]! : '';
  const mask = prefix === '0' ? 0 : (-1 << (32 - Number(prefix))) >>> 0;
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return {
    address,
    broadcast,
    netmask: dotted(mask),
    network: dotted((bits & mask) >>> 0),
    prefix,
    label: words.at(-1)!,
    isSecondary,
  };
};

const dotted = (bits: number): string => [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');

const readIpv6 = (words: readonly string[]): { address: string; prefix: string; scope: string } => {
  if (words[2] === 'peer') {
    return { address: words[1]!, prefix: (words[3] ?? '').split('/')[1] ?? '', scope: words[5] ?? '' };
  }
  const [address = '', prefix = ''] = words[1]!.split('/');
  return { address, prefix, scope: words[3] ?? '' };
};
