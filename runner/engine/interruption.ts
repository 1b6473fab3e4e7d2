/**
 * How a run is asked to stop. Gracefully: no task is begun any more, and those that run come to their end. Now: they are
 * ended too.
 */
export class Interruption {
  readonly #stopping = new AbortController();
  readonly #now = new AbortController();

  /** Nothing new is begun. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** What runs is ended. */
  get now(): AbortSignal {
    return this.#now.signal;
  }

  /** Asks the run to stop; when it was asked already, to stop now. */
  interrupt(how: 'graceful' | 'now' = this.#stopping.signal.aborted ? 'now' : 'graceful'): void {
    this.#stopping.abort();
    if (how === 'now') this.#now.abort();
  }
}
