import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentSpecs, ArgumentsOf } from './arguments.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { expandedWord } from './shared/commands/expand.ts';
import {
  awaitFile,
  compileSearch,
  connectionStates,
  connectsByForward,
  drainedCheck,
  type Found,
  nothingFound,
  pause,
  pollFromController,
  pollOnTarget,
  portCheck,
  resolveHosts,
  search,
  searchPort,
} from './shared/waiting/index.ts';

const specs = {
  host: { type: 'str', doc: 'The host whose port is looked at, as seen from the managed one.', default: '127.0.0.1' },
  port: { type: 'int', doc: 'The port to look at.' },
  path: { type: 'path', doc: 'The file to look at.' },
  state: {
    type: 'str',
    doc: 'What to wait for: a port that is open, closed or without connections; a file that is there or not.',
    choices: ['absent', 'drained', 'present', 'started', 'stopped'],
    default: 'started',
  },
  search_regex: { type: 'str', doc: 'Wait until this shows in the file, or in what the port sends.' },
  timeout: { type: 'int', doc: 'The longest to wait, in seconds.', default: 300 },
  connect_timeout: { type: 'int', doc: 'The longest to wait for one connection.', default: 5 },
  delay: { type: 'int', doc: 'Seconds to wait before the first look.', default: 0 },
  sleep: { type: 'int', doc: 'Seconds between two looks.', default: 1 },
  exclude_hosts: { type: 'list', elements: 'str', doc: 'Hosts whose connections do not count for drained.' },
  active_connection_states: {
    type: 'list',
    elements: 'str',
    doc: 'States of connections that count for drained.',
    default: ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'],
  },
  msg: { type: 'str', doc: 'What to say when it took too long.' },
} as const satisfies ArgumentSpecs;

type WaitArguments = ArgumentsOf<typeof specs>;

export default defineAction({
  name: 'ansible.builtin.wait_for',
  summary: 'Waits for a port or a file on a host, or just for some time.',
  args: specs,
  returns: {
    elapsed: 'Whole seconds that it took.',
    match_groups: 'The groups of search_regex.',
    match_groupdict: 'The named groups of search_regex.',
    state: 'As asked.',
    port: 'As asked.',
    path: 'As asked.',
    search_regex: 'As asked.',
  },
  notes: [
    'The owner, group and mode of a file are not returned: they would cost a further round trip, and Ansible does not document them',
  ],
  supports: { check: 'none', diff: false },

  run: async (args, context) => {
    checkArguments(args);
    const began = Date.now();
    const elapsed = (): number => Math.floor((Date.now() - began) / 1000);
    if (args.delay > 0) await pause(args.delay, context.signal);
    const secondsLeft = (): number => Math.max(0, args.timeout - (Date.now() - began) / 1000);
    const found = await wait(args, secondsLeft, context);
    if (!found) throw new ModuleFailure(args.msg ?? timeoutMessage(args), { elapsed: elapsed() });
    const { state, port, path, search_regex: regex } = args;
    return {
      changed: false,
      state,
      port: port ?? null,
      path: path ?? null,
      search_regex: regex ?? null,
      match_groups: found.match_groups,
      match_groupdict: found.match_groupdict,
      elapsed: elapsed(),
    } satisfies ResultObject;
  },
});

const checkArguments = (args: WaitArguments): void => {
  const refuse = (msg: string): never => {
    throw new ModuleFailure(msg, { elapsed: 0 });
  };
  if (args.port && args.path !== undefined) refuse('port and path parameter can not both be passed to wait_for');
  if (args.path !== undefined && (args.state === 'stopped' || args.state === 'drained')) {
    refuse(`state=${args.state} should only be used for checking a port in the wait_for module`);
  }
  if (args.exclude_hosts && args.state !== 'drained') refuse('exclude_hosts should only be with state=drained');
  if (args.state === 'drained' && !args.port) refuse('state=drained needs a port');
  connectionStates(args.active_connection_states);
};

/** Waits for whatever was asked. Undefined when it took too long. */
const wait = async (
  args: WaitArguments,
  secondsLeft: () => number,
  context: ModuleContext,
): Promise<Found | undefined> => {
  const { port, path, state, search_regex: pattern } = args;
  if (state === 'drained') return (await waitDrained(args, secondsLeft(), context)) ? nothingFound : undefined;
  if (!port && path === undefined) {
    // The delay comes on top.
    await pause(args.timeout, context.signal);
    return nothingFound;
  }
  const isToOpen = state === 'started' || state === 'present';
  if (pattern !== undefined && isToOpen) return waitForText(args, pattern, secondsLeft, context);
  const done = port
    ? await waitPort(args, port, isToOpen, secondsLeft(), context)
    : await pollOnTarget(
        {
          seconds: secondsLeft(),
          sleep: args.sleep,
          check: sh`${isToOpen ? sh`` : sh`! `}[ -e ${expandedWord(path ?? '')} ]`,
        },
        context.target,
      );
  return done ? nothingFound : undefined;
};

const waitPort = async (
  args: WaitArguments,
  port: number,
  isToOpen: boolean,
  seconds: number,
  { target, signal }: ModuleContext,
): Promise<boolean> => {
  const { host, connect_timeout: connectTimeout, sleep } = args;
  const check = portCheck(host, port, connectTimeout, isToOpen);
  const done = await pollOnTarget({ seconds, sleep, ...check }, target);
  if (done !== undefined) return done;
  return pollFromController(seconds, sleep, signal, async (left) => {
    const isOpen = await connectsByForward(host, port, Math.min(connectTimeout, left), target);
    return isOpen === isToOpen;
  });
};

const waitDrained = async (args: WaitArguments, seconds: number, { target }: ModuleContext): Promise<boolean> => {
  const [own, excluded] = await Promise.all([
    resolveHosts([args.host], target),
    resolveHosts(args.exclude_hosts ?? [], target),
  ]);
  const check = drainedCheck(args.port!, own, excluded, connectionStates(args.active_connection_states));
  return (await pollOnTarget({ seconds, sleep: args.sleep, check }, target)) === true;
};

const waitForText = async (
  args: WaitArguments,
  pattern: string,
  secondsLeft: () => number,
  { target, signal }: ModuleContext,
): Promise<Found | undefined> => {
  const regex = compileSearch(pattern);
  const { host, port, path, sleep } = args;
  let found: Found | undefined;
  let seen = '';
  await pollFromController(secondsLeft(), port ? sleep : 0, signal, async (left) => {
    if (port) {
      found = await searchPort({ host, port }, regex, left, target);
    } else {
      // The host itself watches for changes, and answers at least twice a minute.
      const { stdout } = await target.run(awaitFile(expandedWord(path ?? ''), seen, Math.min(left, 30), sleep));
      const end = stdout.indexOf('\n');
      if (end !== -1) {
        seen = stdout.toString('utf8', 0, end);
        found = search(regex, stdout.subarray(end + 1));
      }
    }
    return found !== undefined;
  });
  return found;
};

const timeoutMessage = ({ host, port, path, state, search_regex: pattern }: WaitArguments): string => {
  const place = port ? `${host}:${port}` : path;
  if (state === 'drained') return `Timeout when waiting for ${place} to drain`;
  if (state === 'absent' || state === 'stopped') {
    return `Timeout when waiting for ${place} to ${port ? 'stop' : 'be absent'}.`;
  }
  if (pattern !== undefined) return `Timeout when waiting for search string ${pattern} in ${place}`;
  return port ? `Timeout when waiting for ${place}` : `Timeout when waiting for file ${place}`;
};
