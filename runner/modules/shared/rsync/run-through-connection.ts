import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quote, raw, type Target } from '../../../connection/index.ts';
import type { ModuleContext } from '../../define.ts';
import type { SynchronizeArguments } from './options.ts';
import { textVariable } from './places.ts';
import { noRsync, type RsyncReply } from './run-on-target.ts';

/**
 * The program that rsync takes for its remote shell: it hands the command line that rsync wants to have run, and then
 * both streams, to this process, which runs it over the connection that the task has.
 */
const streams = `const { connect } = require('node:net');
const [socketPath, , ...words] = process.argv.slice(2);
const socket = connect(socketPath, () => {
  socket.write(JSON.stringify(words) + '\\n');
  process.stdin.pipe(socket);
  socket.pipe(process.stdout);
});
process.stdout.on('error', () => process.exit(255));
socket.on('error', () => process.exit(255));
socket.on('close', () => process.stdin.destroy());
`;

/** What starts it. When rsync gives up it sends a signal that would have Node open a debugger; a shell takes that. */
const remoteShell = (program: string, socket: string): string => `exec 3<&0
${[process.execPath, program, socket].map(quote).join(' ')} "$@" <&3 3<&- &
trap 'kill $! 2>/dev/null; exit 1' USR1 HUP INT TERM
exec 3<&- <&- >&-
wait $!
`;

interface Sides {
  readonly local: string;
  readonly remote: string;
  readonly isPush: boolean;
}

/** What became of the rsync on the target. */
interface FarSide {
  code: number | null | undefined;
  said: string;
  error: Error | undefined;
  /** Resolves when it has ended; undefined while it was not asked for. */
  over: Promise<void> | undefined;
}

/** Runs rsync here, with the one on the target at the other end of the task's own connection. */
export const runThroughConnection = async (
  options: readonly string[],
  { local, remote, isPush }: Sides,
  args: SynchronizeArguments,
  context: ModuleContext,
): Promise<RsyncReply> => {
  const program = textVariable(context.controller, 'ansible_rsync_path') ?? 'rsync';
  const isDaemon = remote.startsWith('rsync://') || local.startsWith('rsync://');
  if (isDaemon || hasOwnShell(args)) {
    const place = isDaemon ? remote : `${loginOf(args, context)}:${remote}`;
    return runHere(program, [...options, ...(isPush ? [local, place] : [place, local])], context);
  }
  const folder = await mkdtemp(join(tmpdir(), 'muster-rsync-'));
  const socket = join(folder, 'socket');
  const far: FarSide = { code: undefined, said: '', error: undefined, over: undefined };
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    far.over = serve(connection, context.target, far);
  });
  try {
    await Promise.all([
      writeFile(join(folder, 'streams.cjs'), streams),
      writeFile(join(folder, 'shell'), remoteShell(join(folder, 'streams.cjs'), socket)),
    ]);
    server.listen(socket);
    await once(server, 'listening');
    const rsh = `/bin/sh '${join(folder, 'shell').replaceAll("'", "''")}'`;
    const place = `target:${remote}`;
    const reply = await runHere(
      program,
      [...options, `--rsh=${rsh}`, ...(isPush ? [local, place] : [place, local])],
      context,
    );
    // What it said last may still be on its way.
    await Promise.race([far.over, sleep(patienceMs, undefined, { ref: false })]);
    if (far.error) throw far.error;
    if (far.code === 127) throw noRsync(context.target.host);
    const command = [program, ...options, ...(isPush ? [local, place] : [place, local])].map(quote).join(' ');
    return {
      ...reply,
      stderr: far.said + reply.stderr,
      command: command.replace('target:', `${context.target.host}:`),
    };
  } finally {
    await closeServer(server);
    await rm(folder, { recursive: true, force: true });
  }
};

/** A user who says how to reach the other side gets that. */
const hasOwnShell = ({ rsync_opts: given }: SynchronizeArguments): boolean =>
  given.some((option) => option.includes('--rsh') || /^-\w*e/.test(option));

const loginOf = (args: SynchronizeArguments, { controller, target }: ModuleContext): string => {
  const user = args.set_remote_user ? textVariable(controller, 'ansible_user') : undefined;
  const address = textVariable(controller, 'ansible_host') ?? target.host;
  return user === undefined ? address : `${user}@${address}`;
};

const patienceMs = 2000;

const runHere = async (program: string, words: readonly string[], context: ModuleContext): Promise<RsyncReply> => {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], signal: context.signal });
  const said: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => {
      said[stream].push(chunk);
      context.output(stream, chunk);
    });
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? noRsync('the controller') : error),
    );
    child.once('close', (exit) => resolve(exit ?? 1));
  });
  return {
    code,
    stdout: Buffer.concat(said.stdout).toString(),
    stderr: Buffer.concat(said.stderr).toString(),
    command: [program, ...words].map(quote).join(' '),
  };
};

/** Runs what rsync wants to have run, and ties its streams to the connection. */
const serve = async (connection: Socket, target: Target, far: FarSide): Promise<void> => {
  connection.on('error', () => {});
  try {
    const words = await readCommand(connection);
    // As ssh does it: the words are joined, and the shell there takes them apart.
    const channel = await target.open!(raw(words.join(' ')));
    channel.stdin.on('error', () => {});
    channel.stderr.on('data', (chunk: Buffer) => {
      far.said += chunk.toString();
    });
    channel.stderr.resume();
    connection.pipe(channel.stdin);
    channel.stdout.pipe(connection);
    connection.resume();
    connection.once('close', () => setTimeout(() => channel.kill(), patienceMs).unref());
    far.code = (await channel.ended).code;
  } catch (error) {
    far.error = error as Error;
    connection.destroy();
  }
};

/** The first line holds the command; what follows is rsync's and stays in the stream. */
const readCommand = (connection: Socket): Promise<string[]> =>
  new Promise((resolve, reject) => {
    let text = Buffer.alloc(0);
    const take = (chunk: Buffer): void => {
      text = Buffer.concat([text, chunk]);
      const end = text.indexOf(10);
      if (end === -1) return;
      connection.off('data', take);
      connection.pause();
      if (end + 1 < text.length) connection.unshift(text.subarray(end + 1));
      resolve(JSON.parse(text.subarray(0, end).toString()) as string[]);
    };
    connection.on('data', take);
    connection.once('end', () => reject(new Error('rsync ended before it began')));
  });

const closeServer = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
