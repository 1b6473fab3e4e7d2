import { statSync } from 'node:fs';
import type { Target } from '../../connection/index.ts';
import { MusterError } from '../../errors/index.ts';
import { isFailed } from './result.ts';
import type { Execution } from './task-run.ts';

/** What an execution needs so that it may begin before its turn. */
export interface Ahead {
  /** The target of the execution, whose scripts are held back where they must be. */
  guard(target: Target): Target;
  /** A file of the controller is about to be read, which might be what is changed on a host that is the controller. */
  reading(path: string): void;
}

type Begin = (ahead: Ahead) => Promise<Execution>;

// More would only make a late change throw more away.
const furthest = 16;

/**
 * Lets executions that follow each other, items of a loop or tasks of a host, look at the host before it is their turn:
 * their first scripts, which only look, are sent behind those of the one whose turn it is, so that they share its round
 * trip. A look counts only when nothing was changed between it and its turn; otherwise the execution begins anew. As long
 * as nothing changes, more and more look ahead; behind a change it is the next one alone, whose look follows the change in
 * the same shell.
 */
export class LookAhead {
  readonly #beginOf: (index: number) => Begin | undefined;
  readonly #early = new Map<number, Item>();
  /** The target that the last script went to. */
  #lead: Target | undefined;
  #isOff = false;
  #trust = 0;
  changes = 0;

  /** `beginOf` gives how the execution at an index begins; nothing where it must wait for its turn. */
  constructor(beginOf: (index: number) => Begin | undefined) {
    this.#beginOf = beginOf;
  }

  /**
   * Does what it is the turn of; what that did ahead of its turn counts where it may. `begin` begins it anew, and
   * `looksFirst` says that its first script changes nothing.
   */
  async execute(index: number, begin: Begin, looksFirst = true): Promise<Execution> {
    const before = this.changes;
    const early = this.#early.get(index);
    this.#early.delete(index);
    let execution: Execution | undefined;
    if (early?.open()) {
      this.#lookOn(index);
      execution = await early.execution;
      if (early.isStale) execution = undefined;
    }
    execution ??= await this.#start(index, begin, true, looksFirst).execution;
    this.#trust = this.changes === before ? Math.min(2 * this.#trust + 1, furthest) : 0;
    return execution;
  }

  /** Lets go of what looked ahead and does not get its turn. */
  drop(): void {
    for (const item of this.#early.values()) item.refuse();
    this.#early.clear();
  }

  /** A look was sent; those of the next items may follow it. */
  looked(index: number, target: Target, isTurn: boolean): void {
    this.#lead = target;
    if (isTurn) this.#lookOn(index);
  }

  /** Something is about to be changed: no look from before counts any more. */
  changing(): void {
    this.changes++;
    this.drop();
  }

  /** A script that changes something was sent; the next item's look may follow it. */
  changed(index: number, target: Target): void {
    this.#lead = target;
    if (!this.#isOff) this.#keep(index + 1);
  }

  /** The target behind whose scripts an early look has to go. */
  get lead(): Target | undefined {
    return this.#lead;
  }

  /** Where the target is this machine there is no way to be saved. */
  turnOff(): void {
    this.#isOff = true;
  }

  #lookOn(index: number): void {
    const end = index + 1 + this.#trust;
    for (let next = index + 1; next < end && !this.#isOff; next++) {
      if (!this.#early.has(next) && !this.#keep(next)) return;
    }
  }

  /** Begins something before its turn; false when it has to wait. */
  #keep(index: number): boolean {
    const begin = this.#beginOf(index);
    if (begin) this.#early.set(index, this.#start(index, begin, false, true));
    return begin !== undefined;
  }

  #start(index: number, begin: Begin, isTurn: boolean, looksFirst: boolean): Item {
    const item = new Item(this, index, isTurn, looksFirst);
    item.follow(begin(item));
    return item;
  }
}

/** One of them: before its turn it may send its look and nothing else. */
class Item implements Ahead {
  execution!: Promise<Execution>;
  isStale = false;
  readonly #read = new Map<string, string | undefined>();
  readonly #line: LookAhead;
  readonly #index: number;
  readonly #turn: Promise<void>;
  #isTurn: boolean;
  #hasLooked: boolean;
  #seen = -1;
  #open!: () => void;

  constructor(line: LookAhead, index: number, isTurn: boolean, looksFirst: boolean) {
    this.#line = line;
    this.#index = index;
    this.#isTurn = isTurn;
    this.#hasLooked = !looksFirst;
    this.#turn = isTurn
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#open = resolve;
        });
  }

  follow(execution: Promise<Execution>): void {
    this.execution = execution;
    // What failed before its turn may fail no more; nobody looks at what becomes of one that does not get its turn.
    execution.then(
      ({ result }) => {
        if (!this.#isTurn && isFailed(result)) this.isStale = true;
      },
      () => {},
    );
  }

  /** It is its turn; false when it has to begin anew. */
  open(): boolean {
    if ([...this.#read].some(([path, stamp]) => stamp === undefined || stampOf(path) !== stamp)) this.refuse();
    if (this.isStale) return false;
    this.#isTurn = true;
    this.#open();
    return true;
  }

  reading(path: string): void {
    if (!this.#isTurn) this.#read.set(path, stampOf(path));
  }

  /** Ends it: what it goes on to do fails, and nobody looks at that. */
  refuse(): void {
    this.isStale = true;
    this.#open();
  }

  guard(target: Target): Target {
    if (target.isLocal) this.#line.turnOff();
    const held = async <T>(work: () => Promise<T>): Promise<T> => {
      await this.#mayChange();
      return work();
    };
    return {
      ...target,
      run: (script, options) => {
        if (!this.#hasLooked) return this.#look(target, () => target.run(script, options));
        return held(() => {
          const reply = target.run(script, options);
          this.#line.changed(this.#index, target);
          return reply;
        });
      },
      put: (content, path) => held(() => target.put(content, path)),
      get: (path, sink) => held(() => target.get(path, sink)),
      temporaryDirectory: () => held(() => target.temporaryDirectory()),
      forward: (to) => held(() => target.forward(to)),
      ...(target.open && { open: (command) => held(() => target.open!(command)) }),
      ...(target.endSessionsOf && { endSessionsOf: (user) => held(() => target.endSessionsOf!(user)) }),
      ...(target.reset && { reset: () => held(() => target.reset!()) }),
    };
  }

  async #look<T>(target: Target, send: () => Promise<T>): Promise<T> {
    this.#hasLooked = true;
    if (!this.#isTurn && (this.isStale || !this.#line.lead || target.follow?.(this.#line.lead) !== true)) {
      throw this.#outdated();
    }
    this.#seen = this.#line.changes;
    const sent = send();
    this.#line.looked(this.#index, target, this.#isTurn);
    if (this.#isTurn) return sent;
    // The turn may come before the reply or after it.
    const [reply] = await Promise.all([sent, this.#turn]).catch((error: unknown) => {
      this.isStale = true;
      throw error;
    });
    if (this.isStale || this.#seen !== this.#line.changes) throw this.#outdated();
    return reply;
  }

  async #mayChange(): Promise<void> {
    this.#hasLooked = true;
    await this.#turn;
    if (this.isStale) throw this.#outdated();
    this.#line.changing();
  }

  #outdated(): MusterError {
    this.isStale = true;
    return new MusterError('something was changed since this looked at the host');
  }
}

/** By what a file is known to be the same; undefined for what is none. */
const stampOf = (path: string): string | undefined => {
  const info = statSync(path, { bigint: true, throwIfNoEntry: false });
  return info?.isFile() ? `${info.dev} ${info.ino} ${info.size} ${info.mtimeNs} ${info.ctimeNs}` : undefined;
};
