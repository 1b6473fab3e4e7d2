import type { Readable, Writable } from 'node:stream';

/** One running command on the other side. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the command has ended: its exit code, or the signal that ended it. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  /** Ends it. */
  kill(): void;
}

/** A way to run commands on a machine as the user that logged in: one ssh connection, or this machine itself. */
export interface Transport {
  /** Starts a command line, which the login user's shell interprets. No pty, standard streams are 8-bit clean. */
  exec(command: string): Promise<Channel>;
  /** Opens a stream to a socket as seen from the target: a unix socket's path, or a TCP address. */
  forward(to: { path: string } | { host: string; port: number }): Promise<import('node:stream').Duplex>;
  close(): Promise<void>;
}
