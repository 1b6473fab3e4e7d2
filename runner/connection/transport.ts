import type { Duplex, Readable, Writable } from 'node:stream';

/** One running command on the other side. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /**
   * Resolves when the command has ended: its exit code, or the signal that ended it. Processes that it left behind with
   * its output open do not hold this up. Rejects when the connection broke before.
   */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  /** Ends it. */
  kill(): void;
}

export interface ExecOptions {
  /** Gives the command a terminal, where the transport has them: stdout and stderr are then one stream. */
  readonly terminal?: boolean;
  /** Stays open for long: a shell that gets its scripts one by one. */
  readonly lasting?: boolean;
  /** Does not wait for a free place on the connection: for what must happen now, such as ending another command. */
  readonly urgent?: boolean;
}

/** A socket as seen from the target: a unix socket's path, or a TCP address. */
export type SocketAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** A way to run commands on a machine as the user that logged in: one ssh connection, or this machine itself. */
export interface Transport {
  /** Starts a command line, which the login user's shell interprets. Standard streams are 8-bit clean. */
  exec(command: string, options?: ExecOptions): Promise<Channel>;
  /** Opens a stream to a socket as seen from the target. */
  forward(to: SocketAddress): Promise<Duplex>;
  close(): Promise<void>;
  /** Gives up a connection that does not answer any more; the next use makes a new one. */
  reset?(): Promise<void>;
  /** The user that logs in, where that is known. */
  readonly user?: string | undefined;
  /** Whether `terminal` can be had. */
  readonly hasTerminals?: boolean;
}

/** How long output may still arrive after a command's end, while something that it left behind keeps the stream open. */
const graceMs = 100;

/** Resolves `ended` soon after the exit, and at once when all output has been closed. */
export const settleEnd = <T>(events: { exited: Promise<T>; closed: Promise<unknown> }): Promise<T> =>
  events.exited.then(async (end) => {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      events.closed,
      new Promise((resolve) => {
        timer = setTimeout(resolve, graceMs);
      }),
    ]);
    clearTimeout(timer);
    return end;
  });
