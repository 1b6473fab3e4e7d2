import type { Target } from '../../connection/index.ts';
import { MusterError } from '../../errors/index.ts';
import { Template, type Value } from '../../values/index.ts';
import { findKeyword } from './keywords.ts';
import type { LoopControl } from './loop.ts';
import type { Execution, TaskRun } from './task-run.ts';

/** What an item's execution needs so that it may begin before its turn. */
export interface Ahead {
  /** The target of the item, whose scripts are held back where they must be. */
  guard(target: Target): Target;
}

// More would only make a late change throw more away.
const furthest = 16;

/**
 * Lets items of a loop look at the host before it is their turn: their first scripts, which only look, are sent behind
 * those of the item whose turn it is, so that they share its round trip. A look counts only when nothing was changed
 * between it and the item's turn; otherwise the item begins anew. As long as nothing changes, more and more items look
 * ahead; behind a change it is the next one alone, whose look follows the change in the same shell.
 */
export class LookAhead {
  readonly #begin: (index: number, ahead: Ahead) => Promise<Execution>;
  readonly #count: number;
  readonly #early = new Map<number, Item>();
  /** The target that the last script went to. */
  #lead: Target | undefined;
  #isOff = false;
  #trust = 0;
  changes = 0;

  constructor(count: number, begin: (index: number, ahead: Ahead) => Promise<Execution>) {
    this.#count = count;
    this.#begin = begin;
  }

  /** Executes the item whose turn it is; what it did ahead of its turn counts where it may. */
  async execute(index: number): Promise<Execution> {
    const before = this.changes;
    const early = this.#early.get(index);
    this.#early.delete(index);
    let execution: Execution | undefined;
    if (early?.open()) {
      this.#lookOn(index);
      execution = await early.execution;
      if (early.isStale) execution = undefined;
    }
    execution ??= await this.#start(index, true).execution;
    this.#trust = this.changes === before ? Math.min(2 * this.#trust + 1, furthest) : 0;
    return execution;
  }

  /** Lets go of the items that looked ahead and do not get their turn. */
  close(): void {
    this.#isOff = true;
    this.#drop();
  }

  /** A look was sent; those of the next items may follow it. */
  looked(index: number, target: Target, isTurn: boolean): void {
    this.#lead = target;
    if (isTurn) this.#lookOn(index);
  }

  /** Something is about to be changed: no look from before counts any more. */
  changing(): void {
    this.changes++;
    this.#drop();
  }

  /** A script that changes something was sent; the next item's look may follow it. */
  changed(index: number, target: Target): void {
    this.#lead = target;
    if (index + 1 < this.#count && !this.#isOff) this.#keep(index + 1);
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
    const end = Math.min(this.#count, index + 1 + this.#trust);
    for (let next = index + 1; next < end && !this.#isOff; next++) if (!this.#early.has(next)) this.#keep(next);
  }

  #keep(index: number): void {
    this.#early.set(index, this.#start(index, false));
  }

  #start(index: number, isTurn: boolean): Item {
    const item = new Item(this, index, isTurn);
    item.execution = this.#begin(index, item);
    // Nobody looks at what becomes of one that does not get its turn.
    item.execution.catch(() => {});
    return item;
  }

  #drop(): void {
    for (const item of this.#early.values()) item.refuse();
    this.#early.clear();
  }
}

/** One item: before its turn it may send its look and nothing else. */
class Item implements Ahead {
  execution!: Promise<Execution>;
  isStale = false;
  readonly #loop: LookAhead;
  readonly #index: number;
  readonly #turn: Promise<void>;
  #isTurn: boolean;
  #hasLooked = false;
  #seen = -1;
  #open!: () => void;

  constructor(loop: LookAhead, index: number, isTurn: boolean) {
    this.#loop = loop;
    this.#index = index;
    this.#isTurn = isTurn;
    this.#turn = isTurn
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#open = resolve;
        });
  }

  /** It is its turn; false when it has to begin anew. */
  open(): boolean {
    if (this.isStale) return false;
    this.#isTurn = true;
    this.#open();
    return true;
  }

  /** Ends it: what it goes on to do fails, and nobody looks at that. */
  refuse(): void {
    this.isStale = true;
    this.#open();
  }

  guard(target: Target): Target {
    if (target.isLocal) this.#loop.turnOff();
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
          this.#loop.changed(this.#index, target);
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
    if (!this.#isTurn && (this.isStale || !this.#loop.lead || target.follow?.(this.#loop.lead) !== true)) {
      throw this.#outdated();
    }
    this.#seen = this.#loop.changes;
    const sent = send();
    this.#loop.looked(this.#index, target, this.#isTurn);
    if (this.#isTurn) return sent;
    // The turn may come before the reply or after it.
    const [reply] = await Promise.all([sent, this.#turn]).catch((error: unknown) => {
      this.isStale = true;
      throw error;
    });
    if (this.isStale || this.#seen !== this.#loop.changes) throw this.#outdated();
    return reply;
  }

  async #mayChange(): Promise<void> {
    this.#hasLooked = true;
    await this.#turn;
    if (this.isStale) throw this.#outdated();
    this.#loop.changing();
  }

  #outdated(): MusterError {
    this.isStale = true;
    return new MusterError('something was changed since this item looked at the host');
  }
}

const ownWays = ['delegate_to', 'async', 'until', 'timeout', 'debugger', 'throttle', 'connection'];

/** Whether the items of a loop may look ahead: for modules that look first, and where nothing hangs on the order of looks. */
export const mayLookAhead = async (run: TaskRun, control: LoopControl, count: number): Promise<boolean> => {
  const { context, task, guesses } = run;
  const { options } = context;
  if (!options.looksAhead || count < 2 || guesses?.areThere || control.pause > 0 || options.taskTimeout > 0)
    return false;
  if (context.journal?.past || options.debugger) return false;
  if (!(await context.module(task.module))?.looksFirst) return false;
  if (ownWays.some((name) => findKeyword(task, name) !== undefined)) return false;
  // What is read on the controller may be what the item before has written, where the host is the controller.
  return ![task.args, ...task.keywords.values(), ...task.vars.values()].some(readsFiles);
};

const readsFiles = (value: Value): boolean => {
  if (value instanceof Template) return reading.test(value.source);
  if (typeof value === 'string') return reading.test(value);
  if (Array.isArray(value)) return value.some(readsFiles);
  return value instanceof Map && [...value.values()].some(readsFiles);
};

const reading = /\b(lookup|query|q)\s*\(|\bis\s+(not\s+)?\w*(file|exists|directory|link|abs|mount)\b/;
