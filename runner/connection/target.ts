import type { Duplex, Readable, Writable } from 'node:stream';
import type { Script } from './script.ts';
import type { ShellOptions, ShellReply } from './shell-request.ts';
import type { Channel } from './transport.ts';

/**
 * What modules see of a host: a shell there, as the user that the task runs as, and ways to move bytes.
 * Every method rejects with UnreachableError when the host is lost, BecomeError when the user cannot be had.
 */
export interface Target {
  /** The inventory name of the host. */
  readonly host: string;
  /** The same for all tasks of one (host, user), so that what was learned there can be remembered by it. */
  readonly place?: object | undefined;
  /** Runs a script in the long-lived shell: one round trip. A script that fails resolves with its exit code. */
  run(script: Script, options?: ShellOptions): Promise<ShellReply>;
  /** Writes content to `path` on the target, as the task's user, mode 0600, creating or truncating it. Streams; any size. */
  put(content: Buffer | Readable, path: string): Promise<void>;
  /** Streams a file of the target into `sink`. Rejects when it cannot be read. */
  get(path: string, sink: Writable): Promise<void>;
  /**
   * A private directory on the target for this run (mode 0700, owned by the task's user), made on first use and removed
   * when the run ends. The same for all tasks of one (host, user).
   */
  temporaryDirectory(): Promise<string>;
  /** Ends the shells that earlier tasks opened there as another user: processes of theirs keep a user from being removed. */
  endSessionsOf?(user: string): Promise<void>;
  /** A stream to a socket as seen from the target (docker's, a database's). */
  forward(to: { path: string } | { host: string; port: number }): Promise<Duplex>;
  /**
   * Starts a command of one line over a channel of its own, as the task's user, with its streams open both ways: for protocols that
   * programs speak over their standard input and output. Rejects where that user can only be had on a terminal.
   */
  open?(command: Script): Promise<Channel>;
  /**
   * Sends what it is given next behind what `lead` was given last, in the same shell; false where that cannot be. It is to
   * be called before anything is run on it.
   */
  follow?(lead: Target): boolean;
  /** The target that this one only passes things on to. */
  readonly under?: Target | undefined;
  /** It is this machine itself, with no connection in between. */
  readonly isLocal?: boolean | undefined;
  /** Gives the connection up, so that the next use logs in anew: for a host that was rebooted. Where it can be done. */
  reset?(): Promise<void>;
}
