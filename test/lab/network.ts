import { createHash } from 'node:crypto';
import { attempt, run } from './run.ts';

/** Interface names must be short, whatever a lab is called. */
export const bridgeName = (lab: string): string => `ml${createHash('sha256').update(lab).digest('hex').slice(0, 8)}`;

const prefix = '10.213';

/** The first three numbers of a network that this machine does not use yet. */
export const freeSubnet = async (): Promise<string> => {
  const used = await run('ip', ['-4', '-o', 'addr']);
  for (let third = 1; third < 255; third++) {
    if (!used.includes(` ${prefix}.${third}.`)) return `${prefix}.${third}`;
  }
  throw new Error(`all networks ${prefix}.* are taken; remove some labs: npm run lab -- down --all`);
};

/** A bridge that has an address of this machine, through which it reaches the hosts. */
export const makeBridge = async (bridge: string, subnet: string): Promise<void> => {
  await run('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await run('ip', ['addr', 'add', `${subnet}.1/24`, 'dev', bridge]);
  await run('ip', ['link', 'set', bridge, 'up']);
};

export const removeBridge = async (bridge: string): Promise<void> => {
  await attempt('ip', ['link', 'del', bridge]);
};

/** A network namespace with one interface on the bridge, and a default route so that the host has a default address. */
export const makeNamespace = async (
  namespace: string,
  link: string,
  bridge: string,
  address: string,
): Promise<void> => {
  const gateway = address.replace(/\d+$/, '1');
  await run('ip', ['netns', 'add', namespace]);
  await run('ip', ['link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace]);
  await run('ip', ['link', 'set', link, 'master', bridge, 'up']);
  await run('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
  await run('ip', ['-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0']);
  await run('ip', ['-n', namespace, 'link', 'set', 'eth0', 'up']);
  await run('ip', ['-n', namespace, 'route', 'add', 'default', 'via', gateway]);
};

/** Puts a host's network cable in or out. */
export const plug = async (link: string, isIn: boolean): Promise<void> => {
  await run('ip', ['link', 'set', link, isIn ? 'up' : 'down']);
};

/** Takes away what programs put on a host's loopback, which its namespace would keep while the host is off. */
export const clearLoopback = async (namespace: string): Promise<void> => {
  for (const family of ['-4', '-6']) {
    await run('ip', ['-n', namespace, family, 'addr', 'flush', 'dev', 'lo', 'scope', 'global']);
  }
};

/** The kernel removes a dead namespace's interfaces when it has the time, so the link is deleted first. */
export const removeNamespace = async (namespace: string, link: string): Promise<void> => {
  await attempt('ip', ['link', 'del', link]);
  await attempt('ip', ['netns', 'del', namespace]);
};
