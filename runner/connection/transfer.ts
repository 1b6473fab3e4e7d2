import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MusterError } from '../errors/index.ts';
import { emit } from './emit.ts';
import { type Launch, launch } from './launch.ts';
import { quote, type Script, sh } from './script.ts';
import type { SessionGroup } from './session-group.ts';
import { ShellRequest } from './shell-request.ts';
import type { Channel } from './transport.ts';

/** Writes content to a file of the target, over a channel of its own. */
export const putFile = async (group: SessionGroup, content: Buffer | Readable, path: string): Promise<void> => {
  group.countRoundTrip();
  const started = await launch(group.transport, `umask 077; exec cat >${quote(path)}`, group.settings);
  if (started.hasTerminal) {
    started.channel.kill();
    return putThroughSession(group, content, path);
  }
  const { channel } = started;
  const said = collectErrors(started);
  // Nobody writes there; it is read so that the channel can end.
  started.started.then(
    () => channel.stdout.resume(),
    () => {},
  );
  try {
    await feed(content, channel);
    await started.started;
    const { code } = await channel.ended;
    if (code !== 0) throw new MusterError(`cannot write ${path} on ${group.host}: ${reason(await said)}`);
  } catch (error) {
    channel.kill();
    throw error;
  }
};

/** Streams a file of the target into `sink`, over a channel of its own. */
export const getFile = async (group: SessionGroup, path: string, sink: Writable): Promise<void> => {
  group.countRoundTrip();
  const started = await launch(group.transport, `exec cat <${quote(path)}`, group.settings);
  if (started.hasTerminal) {
    started.channel.kill();
    return getThroughSession(group, path, sink);
  }
  const { channel } = started;
  const said = collectErrors(started);
  try {
    await started.started;
    await pipeline(channel.stdout, sink);
    const { code } = await channel.ended;
    if (code !== 0) throw new MusterError(`cannot read ${path} on ${group.host}: ${reason(await said)}`);
  } catch (error) {
    channel.kill();
    throw error;
  }
};

/** Starts a command of one line, which calls no functions of ours, with its streams open both ways. */
export const openCommand = async (group: SessionGroup, command: Script): Promise<Channel> => {
  group.countRoundTrip();
  const started = await launch(group.transport, command.text, group.settings);
  if (started.hasTerminal) {
    started.channel.kill();
    throw new MusterError({
      message: `this needs a stream that is open both ways, and on ${group.host} the user can only be had on a terminal`,
      hint: "look at 'requiretty' and 'use_pty' in the host's sudoers",
    });
  }
  await started.started;
  return started.channel;
};

/** Writes content to a channel's input, as fast as it takes it. Stops early when the command has ended. */
const feed = async (content: Buffer | Readable, channel: Channel): Promise<void> => {
  const { stdin } = channel;
  let isOver = false;
  let wake: () => void = () => {};
  const stop = (): void => {
    isOver = true;
    wake();
  };
  channel.ended.then(stop, stop);
  stdin.once('error', stop);
  for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
    if (isOver) return;
    if (stdin.write(chunk)) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
      stdin.once('drain', resolve);
    });
  }
  stdin.end();
};

const collectErrors = async ({ channel, started }: Launch): Promise<string> => {
  const chunks: Buffer[] = [];
  try {
    await started;
    channel.stderr.on('data', (chunk: Buffer) => chunks.push(chunk)).resume();
    await channel.ended;
  } catch {
    // Whoever waits for the channel itself gets this error.
  }
  return Buffer.concat(chunks).toString();
};

/** The system's words in what a shell says about a file: "/bin/sh: 1: cannot create /x: Permission denied". */
const reason = (said: string): string => said.trim().split(': ').at(-1) || 'the command failed';

// A terminal has no end of input, and base64 that fits into one request goes through any of them.
const pieceSize = 48 * 1024;

const putThroughSession = async (group: SessionGroup, content: Buffer | Readable, path: string): Promise<void> => {
  const session = await group.acquire();
  const write = async (piece: Buffer, isFirst: boolean): Promise<void> => {
    const target = isFirst ? sh`>${path}` : sh`>>${path}`;
    const request = new ShellRequest(sh`umask 077; { ${emit(piece)}; } ${target}`, {});
    session.submit(request);
    const { code, stderr } = await request.reply;
    if (code !== 0) throw new MusterError(`cannot write ${path} on ${group.host}: ${reason(stderr.toString())}`);
  };
  await write(Buffer.alloc(0), true);
  for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
    const bytes = Buffer.from(chunk);
    for (let start = 0; start < bytes.length; start += pieceSize) {
      await write(bytes.subarray(start, start + pieceSize), false);
    }
  }
};

const getThroughSession = async (group: SessionGroup, path: string, sink: Writable): Promise<void> => {
  const session = await group.acquire();
  const request = new ShellRequest(sh`cat <${path}`, {});
  session.submit(request);
  const { code, stdout, stderr } = await request.reply;
  if (code !== 0) throw new MusterError(`cannot read ${path} on ${group.host}: ${reason(stderr.toString())}`);
  await pipeline([stdout], sink);
};
