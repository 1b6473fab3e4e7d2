import { isIPv4, isIPv6 } from 'node:net';

/** Whether the firewall has to be switched on or off, by `ufw status`. */
export const changesState = (status: string, wanted: string | undefined): boolean => {
  const isActive = /^Status: active/m.test(status);
  return (wanted === 'enabled' && !isActive) || (wanted === 'disabled' && isActive);
};

/** Whether logging has to be set; true where the status does not tell, as with a firewall that is off. */
export const changesLogging = (status: string, wanted: string): boolean => {
  const [, state, level] = /Logging: (on|off)(?: \(([a-z]+)\))?/.exec(status) ?? [];
  if (state === undefined) return true;
  if (wanted === 'off') return state !== 'off';
  return state === 'off' || (wanted !== 'on' && wanted !== level);
};

/** Whether the default of a direction has to be set; true where the status does not tell. */
export const changesDefault = (status: string, wanted: string, direction = 'incoming'): boolean => {
  const [, incoming, outgoing, routed] =
    /Default: (\w+) \(incoming\), (\w+) \(outgoing\), (\w+) \(routed\)/.exec(status) ?? [];
  if (incoming === undefined) return true;
  const current = direction === 'outgoing' ? outgoing : direction === 'routed' ? routed : incoming;
  return current !== wanted && current !== 'disabled';
};

/** Whether a dry run of a rule, which prints the rules that there would be, differs from those that there are. */
export const changesRules = (before: string, dryRun: string, addresses: readonly string[]): boolean => {
  const lines = dryRun.split('\n').filter((line) => line !== '');
  if (lines.length > 0 && lines.every((line) => line.includes('Skipping'))) return false;
  const after = lines.filter((line) => line.startsWith('### tuple'));
  const current = before.split('\n').filter((line) => line !== '');
  // Rules for one kind of addresses are printed without those for the other.
  const hosts = addresses.map((address) => address.split('/')[0]!);
  const isKind = hosts.some(isIPv4) ? isIPv4 : hosts.some(isIPv6) ? isIPv6 : undefined;
  const relevant = (list: readonly string[]): string =>
    list.filter((line) => !isKind || line.split(' ').some((word) => isKind(word.split('/')[0]!))).join('\n');
  return relevant(current) !== relevant(after);
};

type Relative = 'first-ipv4' | 'last-ipv4' | 'first-ipv6' | 'last-ipv6';

/** The number that a rule gets, counted from a place in `ufw status numbered`; undefined for the very end. */
export const insertPlace = (numbered: string, insert: number, relative: Relative): number | undefined => {
  const rules = numbered.split('\n').flatMap((line) => {
    const number = /^\[ *(\d+)\] /.exec(line)?.[1];
    return number === undefined ? [] : [{ number: Number(number), isV6: line.includes('(v6)') }];
  });
  const last = Math.max(0, ...rules.map(({ number }) => number));
  const lastV4 = Math.max(0, ...rules.filter(({ isV6 }) => !isV6).map(({ number }) => number));
  const from = {
    'first-ipv4': 1,
    'last-ipv4': lastV4 || 1,
    'first-ipv6': lastV4 + 1,
    'last-ipv6': rules.some(({ isV6 }) => isV6) ? last : last + 1,
  }[relative];
  return from + insert > last ? undefined : from + insert;
};
