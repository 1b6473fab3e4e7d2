import type { RunEvent, Timed } from './types.ts';

export type Reader = (event: Timed) => void;

/** Carries events from the engine to its readers, in order. Secrets are masked here, before anybody sees them. */
export class EventBus {
  readonly #readers = new Set<Reader>();
  readonly #mask: (event: RunEvent) => RunEvent;
  #seq = 0;
  #isQuiet = false;

  /** `mask` gives an event back without the secrets in it. */
  constructor(mask: (event: RunEvent) => RunEvent = (event) => event) {
    this.#mask = mask;
  }

  /** Adds a reader; what comes back takes it away again. */
  subscribe(reader: Reader): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  /** Does something of which nobody is told. */
  quietly<T>(work: () => T): T {
    const before = this.#isQuiet;
    this.#isQuiet = true;
    try {
      return work();
    } finally {
      this.#isQuiet = before;
    }
  }

  emit(event: RunEvent): void {
    if (this.#readers.size === 0 || this.#isQuiet) return;
    const timed: Timed = { ...this.#mask(event), seq: ++this.#seq, time: Date.now() };
    for (const reader of this.#readers) reader(timed);
  }
}
