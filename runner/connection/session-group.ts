import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MusterError } from '../errors/index.ts';
import { endScript } from './end-script.ts';
import { type LaunchSettings, launch, shellCommand } from './launch.ts';
import { tellRoundTrip } from './round-trips.ts';
import { ScriptTimeoutError } from './script-timeout.ts';
import { ShellRequest } from './shell-request.ts';
import { ShellSession } from './shell-session.ts';
import { temporaryDirectoryScript } from './temporary-directory.ts';
import type { Transport } from './transport.ts';

// Tasks that are delegated to one host run there in parallel, up to this many.
const mostSessions = 3;
// How long a script may take to die of each signal.
const patienceMs = 2000;

/**
 * The shells on a host as one user. Mostly that is a single session; more are opened while several tasks want the host
 * at once. A session that broke is replaced by the next request.
 */
export class SessionGroup {
  readonly host: string;
  readonly transport: Transport;
  readonly settings: LaunchSettings;
  readonly #sessions = new Set<ShellSession>();
  readonly #dropped: ShellSession[] = [];
  /** Sessions that are about to be there, and how many tasks wait for each. */
  readonly #opening = new Map<Promise<ShellSession>, number>();
  #directory: Promise<string> | undefined;
  #keeper: ShellSession | undefined;
  #roundTrips = 0;

  constructor(host: string, transport: Transport, settings: LaunchSettings = {}) {
    this.host = host;
    this.transport = transport;
    this.settings = settings;
  }

  /** How many round trips its sessions and transfers have cost so far. */
  get roundTrips(): number {
    let count = this.#roundTrips;
    for (const session of this.#sessions) count += session.roundTrips;
    return count;
  }

  /** Counts a channel of its own and what goes over it. */
  countRoundTrip(): void {
    this.#roundTrips++;
    tellRoundTrip(this.host, 'channel');
    tellRoundTrip(this.host, 'transfer');
  }

  /** A session for a task: a free one, a new one while there are few, otherwise the least busy. */
  acquire(): Promise<ShellSession> {
    for (const session of this.#sessions) {
      if (!session.isBusy && session.isStained && session !== this.#keeper) this.#drop(session);
    }
    const open = this.#usable();
    const free = open.find((session) => !session.isBusy && !session.isStained);
    if (free) return Promise.resolve(free);
    if (open.length + this.#opening.size < mostSessions) return this.#open();
    return this.#leastAwaited() ?? Promise.resolve(leastBusy(open));
  }

  /** Runs a script in a session, and ends it when its time is over or its signal aborted. */
  async run(session: ShellSession, request: ShellRequest): Promise<void> {
    const { signal, timeoutMs } = request.options;
    if (signal?.aborted) {
      request.fail(abortError(signal));
      return;
    }
    session.submit(request);
    if (!signal && timeoutMs === undefined) return;
    const abort = (): void => void this.#end(session, request, abortError(signal!));
    const expire = (): void => void this.#end(session, request, new ScriptTimeoutError(request));
    const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    const over = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    request.reply.then(over, over);
  }

  /** The private directory of this host and user, see Target. */
  temporaryDirectory(): Promise<string> {
    this.#directory ??= this.#makeDirectory().catch((error: unknown) => {
      this.#directory = undefined;
      throw error;
    });
    return this.#directory;
  }

  /** Ends all sessions; removes the temporary directory, for which it waits a moment. */
  async close(): Promise<void> {
    const keeper = this.#keeper;
    for (const session of [...this.#sessions, ...this.#dropped]) if (session !== keeper) session.close();
    this.#sessions.clear();
    if (!keeper?.isOpen) return;
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    // A script that still runs would otherwise have to end first.
    if (keeper.isBusy && keeper.pid !== undefined) {
      await Promise.race([endScript(this.transport, this.settings, keeper.pid, 'KILL'), waited]).catch(() => {});
    }
    await Promise.race([keeper.finish(), waited]);
    clearTimeout(timer);
    keeper.close();
  }

  #usable(): ShellSession[] {
    return [...this.#sessions].filter((session) => session.isOpen && !session.isEnding);
  }

  #open(): Promise<ShellSession> {
    const opening = this.#start().finally(() => this.#opening.delete(opening));
    this.#opening.set(opening, 1);
    return opening;
  }

  /** Any session, since what is to be done there takes no time. */
  #any(): Promise<ShellSession> {
    const open = this.#usable();
    if (open.length > 0) return Promise.resolve(leastBusy(open));
    return this.#leastAwaited() ?? this.#open();
  }

  #leastAwaited(): Promise<ShellSession> | undefined {
    const [first] = [...this.#opening].sort(([, a], [, b]) => a - b);
    if (!first) return undefined;
    this.#opening.set(first[0], first[1] + 1);
    return first[0];
  }

  async #start(): Promise<ShellSession> {
    tellRoundTrip(this.host, 'channel');
    const session = new ShellSession(
      await launch(this.transport, shellCommand(this.settings), this.settings, { lasting: true }),
      () => tellRoundTrip(this.host, 'script'),
    );
    this.#sessions.add(session);
    session.ended.then(() => this.#forget(session));
    return session;
  }

  #forget(session: ShellSession): void {
    if (this.#sessions.delete(session)) this.#roundTrips += session.roundTrips;
    if (session !== this.#keeper) return;
    // The shell has removed the directory when it ended.
    this.#keeper = undefined;
    this.#directory = undefined;
  }

  /**
   * Lets go of a session into which a background process writes. Its channel stays open, so that the writer lives on,
   * unless there are others of this kind already.
   */
  #drop(session: ShellSession): void {
    this.#forget(session);
    this.#dropped.push(session);
    if (this.#dropped.length > 1) this.#dropped.shift()?.close();
  }

  async #makeDirectory(): Promise<string> {
    const session = await this.#any();
    const name = `muster-${randomBytes(9).toString('hex')}`;
    const request = new ShellRequest(temporaryDirectoryScript(name), {});
    session.submit(request);
    const { stdout, stderr, code } = await request.reply;
    const directory = stdout.toString();
    if (code !== 0 || directory === '') {
      throw new MusterError({
        message: `there is no place for temporary files on ${this.host}: ${stderr.toString().trim()}`,
        expected: 'a directory that the user can write to: $TMPDIR, /tmp, /var/tmp or the home directory',
      });
    }
    session.removeAtEnd(directory);
    this.#keeper = session;
    return directory;
  }

  /** Ends a request's script, first gently; a session in which even that does not help is given up. */
  async #end(session: ShellSession, request: ShellRequest, error: Error): Promise<void> {
    request.failWith(error);
    const isOver = request.reply.then(
      () => true,
      () => true,
    );
    await Promise.race([request.turn, isOver]);
    await Promise.race([session.settled, sleep(patienceMs, undefined, { ref: false })]);
    session.isEnding = true;
    let answers = false;
    for (const signal of ['TERM', 'KILL'] as const) {
      if (session.pid === undefined || !session.isOpen) break;
      const late = sleep(patienceMs, false, { ref: false });
      endScript(this.transport, this.settings, session.pid, signal).then(
        () => {
          answers = true;
        },
        () => {},
      );
      if (await Promise.race([isOver, late])) break;
    }
    session.isEnding = false;
    if (request.isComplete) return;
    session.close();
    // A host that does not even take another command is gone, and so is the connection to it.
    if (!answers) await this.transport.reset?.();
  }
}

const leastBusy = (sessions: readonly ShellSession[]): ShellSession =>
  sessions.reduce((best, session) => (session.load < best.load ? session : best));

const abortError = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new MusterError('the script was aborted');
