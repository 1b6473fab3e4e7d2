import { randomBytes } from 'node:crypto';
import { type Becoming, becoming } from './become/methods.ts';
import type { BecomeSpec } from './connection-spec.ts';
import { quote } from './script.ts';
import { shellLine } from './shell-line.ts';
import { awaitStart } from './start.ts';
import { NeedsTerminalError, plainError } from './start-failure.ts';
import type { Channel, ExecOptions, Transport } from './transport.ts';

/** As whom, and how, commands are started on a target. */
export interface LaunchSettings {
  readonly become?: BecomeSpec | undefined;
  /** The POSIX sh there. */
  readonly shell?: string | undefined;
  /** Seconds until a start is given up. */
  readonly timeout?: number | undefined;
}

/** A command that has been started, or is about to be. */
export interface Launch {
  readonly channel: Channel;
  /**
   * Its process id, once it runs as the right user; its output streams are to be read only then. Rejects with
   * BecomeError or UnreachableError.
   */
  readonly started: Promise<number>;
  /** Standard output and error output are one stream. */
  readonly hasTerminal: boolean;
}

const defaultTimeout = 10;

/** The command that starts a shell which reads its script from standard input. */
export const shellCommand = ({ shell = '/bin/sh' }: LaunchSettings): string => `exec ${quote(shell)}`;

/**
 * Starts a command (one line of POSIX sh) as the user of the settings. A first line of output tells that it runs, and
 * everything that a login shell's start files print before that is dropped. The command line is written so that any
 * login shell understands it: those of fish and csh too.
 *
 * Where another user is to be had, this waits until that has worked, since a question for a password would swallow other
 * input, and takes a terminal when the method turns out to need one.
 */
export const launch = async (
  transport: Transport,
  command: string,
  settings: LaunchSettings,
  options: Pick<ExecOptions, 'urgent' | 'lasting'> = {},
): Promise<Launch> => {
  const become = settings.become && settings.become.user !== transport.user ? settings.become : undefined;
  const first = await begin(transport, command, { ...settings, become }, options);
  if (!become) return first;
  try {
    await first.started;
    return first;
  } catch (error) {
    if (!(error instanceof NeedsTerminalError) || !transport.hasTerminals || first.hasTerminal) throw plainError(error);
    const second = await begin(transport, command, settings, { ...options, terminal: true });
    await second.started.catch((failure: unknown) => {
      throw plainError(failure);
    });
    return second;
  }
};

const begin = async (
  transport: Transport,
  command: string,
  { become, shell = '/bin/sh', timeout = defaultTimeout }: LaunchSettings,
  options: ExecOptions,
): Promise<Launch> => {
  const word = randomBytes(9).toString('hex');
  const script = shellLine(shell, `echo ${word} $$; echo ${word} >&2; ${command}`);
  const wrap = (inner: string): Becoming =>
    become ? becoming(become, inner, word) : { command: inner, prompt: undefined };
  const plain = wrap(script);
  const terminal = (options.terminal ?? plain.needsTerminal ?? false) && transport.hasTerminals === true;
  const line = terminal
    ? onTerminal(shell, wrap(shellLine(shell, withoutPrompts(script))).command)
    : `exec ${plain.command}`;
  const channel = await transport.exec(line, { ...options, terminal });
  const started = awaitStart({ channel, word, terminal, prompt: plain.prompt, become, timeout });
  // Whoever only writes learns of a failure by another way.
  started.catch(() => {});
  return { channel, started, hasTerminal: terminal };
};

/** Makes the terminal pass on all bytes as they are. */
const onTerminal = (shell: string, command: string): string =>
  `exec ${shellLine(shell, `stty raw -echo; exec ${command}`)}`;

/** A shell whose input is a terminal would write prompts; one that reads a pipe does not. */
const withoutPrompts = (script: string): string => `cat | { ${script}; kill $$; }`;
