import { MusterError } from '../errors/index.ts';
import { LazyDict, VaultText } from './objects.ts';
import type { Value } from './types.ts';

/** A text that nobody has any more, like one that a record left out for the secret in it. Reading it fails with the reason. */
export class WithheldText extends VaultText {
  constructor(reason: string, hint: string) {
    super('', () => {
      throw new MusterError({ message: reason, hint });
    });
  }
}

/** A mapping of which only some entries are known. Asking for any other, or for all, fails with the reason. */
export class WithheldDict extends LazyDict {
  readonly #refuse: () => never;
  readonly #absent: ReadonlySet<Value>;

  /** `absent` are keys that are known not to be there. */
  constructor(known: Iterable<readonly [Value, Value]>, absent: Iterable<Value>, reason: string, hint: string) {
    super();
    for (const [key, value] of known) this.set(key, value);
    this.#absent = new Set(absent);
    this.#refuse = () => {
      throw new MusterError({ message: reason, hint });
    };
  }

  override has(key: Value): boolean {
    return super.has(key) || !this.#absent.has(key);
  }

  override get(key: Value): Value | undefined {
    if (super.has(key)) return super.get(key);
    return this.#absent.has(key) ? undefined : this.#refuse();
  }

  override get size(): number {
    return this.#refuse();
  }

  override entries(): MapIterator<[Value, Value]> {
    return this.#refuse();
  }

  override keys(): MapIterator<Value> {
    return this.#refuse();
  }

  override values(): MapIterator<Value> {
    return this.#refuse();
  }

  override forEach(): void {
    this.#refuse();
  }

  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.#refuse();
  }
}
