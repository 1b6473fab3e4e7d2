import type { LayeredScope } from '../../variables/index.ts';

/**
 * The variables that hold guesses: results of what check mode does not run, and what was made of them. A real run may
 * well find other values there.
 */
export class GuessedNames {
  readonly #names = new Map<string, Set<string>>();

  /** Notes whether a variable of a host holds a guess from now on. */
  note(host: string, name: string, isGuess: boolean): void {
    const known = this.#names.get(host);
    if (!isGuess) known?.delete(name);
    else if (known) known.add(name);
    else this.#names.set(host, new Set([name]));
  }

  /** Whether any variable of a host holds one. */
  hasAny(host: string): boolean {
    return (this.#names.get(host)?.size ?? 0) > 0;
  }

  has(host: string, name: string): boolean {
    return this.#names.get(host)?.has(name) ?? false;
  }
}

/** What one task on one host has to do with guesses. */
export class Guesses {
  readonly #known: GuessedNames;
  readonly #host: string;
  readonly #read = new Set<string>();

  constructor(known: GuessedNames, host: string) {
    this.#known = known;
    this.#host = host;
  }

  /** Whether there is any that the task could use. */
  get areThere(): boolean {
    return this.#known.hasAny(this.#host);
  }

  /** Variables that tell of guesses which are looked up in them. */
  watch(scope: LayeredScope): LayeredScope {
    if (!this.areThere) return scope;
    return scope.watched((name) => {
      if (this.#known.has(this.#host, name)) this.#read.add(name);
    });
  }

  /** Why the task's outcome cannot be foretold; undefined when it used no guess. */
  get reason(): string | undefined {
    if (this.#read.size === 0) return undefined;
    return `depends on a command that --check did not run (${[...this.#read].join(', ')})`;
  }

  /** Notes of variables that the task sets for hosts whether they are guesses too. */
  pass(hosts: readonly string[], names: Iterable<string>, isUnrun = false): void {
    const isGuess = isUnrun || this.#read.size > 0;
    for (const host of hosts) for (const name of names) this.#known.note(host, name, isGuess);
  }
}
