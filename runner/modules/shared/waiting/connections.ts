import { type Script, sh, type Target } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';

const stateNumbers: Readonly<Record<string, string>> = {
  ESTABLISHED: '01',
  SYN_SENT: '02',
  SYN_RECV: '03',
  FIN_WAIT1: '04',
  FIN_WAIT2: '05',
  TIME_WAIT: '06',
};

/** The numbers that /proc has for states of connections. Fails for a state that there is not. */
export const connectionStates = (names: readonly string[]): string[] =>
  names.map((name) => {
    const number = Object.hasOwn(stateNumbers, name) ? stateNumbers[name] : undefined;
    if (number === undefined) {
      throw new ModuleFailure(`unknown active_connection_state (${name}) defined`, { elapsed: 0 });
    }
    return number;
  });

/** An address as /proc/net/tcp writes it on little-endian machines. */
export const procAddress = (address: string): string | undefined => {
  if (/^\d+(?:\.\d+){3}$/.test(address)) {
    return address
      .split('.')
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .reverse()
      .join('')
      .toUpperCase();
  }
  const words = wordsOf(address);
  if (!words) return undefined;
  const bytes = words.flatMap((word) => [word >> 8, word & 0xff]);
  let text = '';
  for (let start = 0; start < 16; start += 4) {
    for (let index = 3; index >= 0; index--) text += bytes[start + index]!.toString(16).padStart(2, '0');
  }
  return text.toUpperCase();
};

/** The eight words of an IPv6 address. */
const wordsOf = (address: string): number[] | undefined => {
  if (!/^[0-9a-f:.]+$/i.test(address) || !address.includes(':')) return undefined;
  const plain = address.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_, a, b, c, d) => `${((Number(a) << 8) | Number(b)).toString(16)}:${((Number(c) << 8) | Number(d)).toString(16)}`,
  );
  const [head = '', tail] = plain.split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const first = read(head);
  const last = tail === undefined ? [] : read(tail);
  const missing = 8 - first.length - last.length;
  if (missing < 0 || (tail === undefined && missing > 0)) return undefined;
  return [...first, ...Array<number>(missing).fill(0), ...last];
};

/** The addresses that hosts stand for; names are looked up on the target. */
export const resolveHosts = async (hosts: readonly string[], target: Target): Promise<string[]> => {
  const names = hosts.filter((host) => procAddress(host) === undefined);
  const found = hosts.filter((host) => procAddress(host) !== undefined);
  if (names.length === 0) return found;
  const { stdout } = await target.run(
    sh`for m_h in ${names}; do getent ahosts "$m_h" || grep -w -- "$m_h" /etc/hosts; done`,
  );
  const looked = stdout
    .toString()
    .split('\n')
    .map((line) => line.split(/\s/)[0]!)
    .filter((address) => address !== '');
  return [...found, ...new Set(looked)];
};

const anyAddress = new Set(['00000000', '00000000000000000000000000000000']);
const mappedAny = '0000000000000000FFFF000000000000';

/** A command that succeeds when no connection to the port is left, but for those from excluded addresses. */
export const drainedCheck = (
  port: number,
  addresses: readonly string[],
  excluded: readonly string[],
  states: readonly string[],
): Script => {
  const words = addresses.flatMap((address) => procAddress(address) ?? []);
  const matchesAll4 = words.includes('00000000');
  const matchesAll6 = words.some((word) => anyAddress.has(word) && word.length > 8);
  const matchesMapped = words.includes(mappedAny);
  const program = `
BEGIN { split(states, s, " "); for (i in s) wanted[s[i]]; split(own, o, " "); for (i in o) mine[o[i]]; split(others, x, " "); for (i in x) not[x[i]] }
{
  split($2, l, ":"); split($3, r, ":")
  if (l[2] != port || !($4 in wanted) || r[1] in not) next
  if (l[1] in mine || (all4 && length(l[1]) == 8) || (all6 && length(l[1]) > 8) || (mapped && index(l[1], "0000000000000000FFFF0000") == 1)) { found = 1; exit }
}
END { exit found }`;
  const set = (name: string, value: string): string => `${name}=${value}`;
  const files = ['/proc/net/tcp', '/proc/net/tcp6'];
  return sh`{ m_f=; for m_g in ${files}; do if [ -r "$m_g" ]; then m_f="$m_f $m_g"; fi; done
  awk ${[
    ['-v', set('port', port.toString(16).toUpperCase().padStart(4, '0'))],
    ['-v', set('states', states.join(' '))],
    ['-v', set('own', words.join(' '))],
    ['-v', set('others', excluded.flatMap((address) => procAddress(address) ?? []).join(' '))],
    ['-v', set('all4', matchesAll4 ? '1' : '')],
    ['-v', set('all6', matchesAll6 ? '1' : '')],
    ['-v', set('mapped', matchesMapped ? '1' : '')],
  ]} ${program} $m_f; }`;
};
