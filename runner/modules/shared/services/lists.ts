import type { ResultObject } from '../../../values/index.ts';
import type { ModuleContext } from '../../define.ts';
import type { Answer } from '../ask.ts';

export type Services = Record<string, ResultObject>;

type Warner = Pick<ModuleContext, 'warn'>;

/** `service --status-all`: a sign in brackets for each init script. */
export const listFromSysv = (services: Services, answer: Answer, hasFolder: boolean, context: Warner): void => {
  if (answer.code === 4 && !hasFolder) return;
  if (answer.code !== 0) context.warn(`Unable to query 'service' tool (${answer.code}): ${answer.stderr}`);
  for (const [, sign, name] of answer.stdout.matchAll(/^\s*\[ ([+-]) \]\s+(.+)$/gm)) {
    services[name!] = { name: name!, state: sign === '+' ? 'running' : 'stopped', source: 'sysv' };
  }
};

/** `initctl list`: name, goal/state and the process. */
export const listFromUpstart = (services: Services, answer: Answer, context: Warner): void => {
  if (answer.code !== 0) {
    context.warn(`Unable to query upstart for service data: ${answer.stderr}`);
    return;
  }
  for (const line of answer.stdout.replaceAll('\r', '').split('\n')) {
    const match = /^\s?(.*)\s(\w+)\/(\w+)(?:,\sprocess\s[0-9]+)?\s*$/.exec(line);
    if (match) services[match[1]!] = { name: match[1]!, state: match[3]!, goal: match[2]!, source: 'upstart' };
  }
};

/** `chkconfig`, each line with the exit code of the service's status in front and its errors behind. */
export const listFromChkconfig = (services: Services, answer: Answer, context: Warner): void => {
  for (const line of answer.stdout.split('\n')) {
    const match = /^(\d+) (.*?)\s+(\d:.*?)\|(.*)$/.exec(line);
    if (!match) continue;
    const [, code, name, levels, said] = match as unknown as [string, string, string, string, string];
    const mayNot = code !== '0' && /root|permission|not in sudoers/.test(said.toLowerCase());
    if (mayNot) {
      context.warn(`Insufficient permissions to query sysV service "${name}" and their states`);
    }
    services[name] = {
      name,
      state: code === '0' ? 'running' : mayNot ? Number(code) : 'stopped',
      status: levels.includes('3:on') ? 'enabled' : 'disabled',
      source: 'sysv',
    };
  }
};

/** `rc-status` and `rc-update show`. */
export const listFromOpenrc = (services: Services, states: Answer, runlevels: Answer): void => {
  const levels = new Map<string, string[] | null>();
  for (const line of runlevels.stdout.split('\n')) {
    const [name, list] = line.split('|');
    if (list !== undefined) levels.set(name!.trim(), list.trim() === '' ? null : list.trim().split(/\s+/));
  }
  for (const line of states.stdout.split('\n')) {
    const [name, state] = line.trim().split(/\s+/);
    if (!name || state === undefined) continue;
    services[name] = { name, runlevels: levels.get(name) ?? null, state, source: 'openrc' };
  }
};

const badStates = ['not-found', 'masked', 'failed'];

/** `systemctl list-units` for what is loaded, `list-unit-files` for the rest, and the states of these. */
export const listFromUnits = (
  services: Services,
  units: Answer,
  files: Answer,
  states: Answer,
  context: Warner,
): void => {
  if (units.code !== 0) context.warn(`Could not list units from systemd: ${units.stderr}`);
  else {
    for (const line of units.stdout.split('\n').filter((each) => each.includes('.service'))) {
      const fields = line.trim().split(/\s+/);
      const bad = badStates.find((state) => fields.includes(state));
      // A sign stands in front of units that are in a bad state.
      const shifted = bad === undefined ? fields : fields.slice(1);
      const name = shifted[0]!;
      services[name] = {
        name,
        state: shifted[3] === 'running' ? 'running' : 'stopped',
        status: bad ?? fields[2] ?? 'unknown',
        source: 'systemd',
      };
    }
  }
  if (files.code !== 0) {
    context.warn(`Could not get unit files data from systemd: ${files.stderr}`);
    return;
  }
  const active = activeStates(states.stdout);
  for (const line of files.stdout.split('\n').filter((each) => each.includes('.service'))) {
    const [name, status] = line.trim().split(/\s+/);
    if (!name || status === undefined) continue;
    const listed = services[name];
    if (!listed) services[name] = { name, state: active.get(name) ?? 'unknown', status, source: 'systemd' };
    else if (!badStates.includes(String(listed.status))) listed.status = status;
  }
};

const activeStates = (output: string): Map<string, string> => {
  const found = new Map<string, string>();
  for (const block of output.split('\n\n')) {
    const property = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
    for (const name of [property('Id'), ...property('Names').split(' ')]) found.set(name, property('ActiveState'));
  }
  return found;
};
