import type { Answer } from '../ask.ts';

const badCodes = [1, 2, 3, 4, 69];
const stoppedSigns = [
  'could not access pid file',
  'is dead and pid file exists',
  'dead but subsys locked',
  'dead but pid file exists',
];

/**
 * Whether a service runs, from what its `status` command said: first by the exit codes that mean that it does not, then by
 * words in a single line of output. Undefined when nothing tells.
 */
export const runsByStatus = (name: string, { code, stdout }: Answer): boolean | undefined => {
  if (badCodes.includes(code)) return false;
  if (stdout.split('\n').length <= 2) {
    const said = stdout.toLowerCase().replaceAll(name.toLowerCase(), '');
    if (said.includes('stop')) return false;
    if (said.includes('run')) return !said.includes('not ');
    if (said.includes('start') && !said.includes('not ')) return true;
    if (stoppedSigns.some((sign) => said.includes(sign))) return false;
  }
  if (code === 0) return true;
  return name === 'iptables' && stdout.includes('ACCEPT') ? true : undefined;
};

/** Whether a service runs, by the rules of the module for init scripts, which believes words more than codes. */
export const runsByWords = (name: string, { code, stdout }: Answer): boolean | undefined => {
  if (name === 'iptables' && stdout.includes('ACCEPT')) return true;
  if (stdout.split('\n').length <= 2) {
    const said = stdout.toLowerCase().replaceAll(name.toLowerCase(), '');
    if (['stop', 'is dead ', 'dead but ', 'could not access pid file', 'inactive'].some((sign) => said.includes(sign)))
      return false;
    if (['run', 'start', 'active'].some((sign) => said.includes(sign)) && !said.includes('not ')) return true;
  }
  if (badCodes.includes(code)) return false;
  return code === 0 ? true : undefined;
};
