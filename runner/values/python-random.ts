import { createHash, randomInt } from 'node:crypto';

const size = 624;
const period = 397;

/** Where random numbers come from: Python's generator for a seed, or the system's. */
export interface RandomSource {
  /** An integer of 0 … limit - 1. */
  below(limit: number): number;
  /** A float of 0 … 1, 1 not included. */
  random(): number;
}

/** Random numbers that nobody can foresee. */
export const systemRandom: RandomSource = {
  below: (limit) => (limit > 2 ** 48 - 1 ? Math.floor(Math.random() * limit) : randomInt(limit)),
  random: () => randomInt(2 ** 48 - 1) / 2 ** 48,
};

/** Python's random.Random(seed): the Mersenne Twister, with the very numbers that Python gives for the seed. */
export class PythonRandom implements RandomSource {
  readonly #state = new Uint32Array(size);
  #index = size;

  constructor(seed: number | bigint | string) {
    this.#seedByArray(wordsOf(seedNumber(seed)));
  }

  random(): number {
    const high = this.#next() >>> 5;
    const low = this.#next() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  below(limit: number): number {
    const bits = limit.toString(2).length;
    let value = this.#bits(bits);
    while (value >= limit) value = this.#bits(bits);
    return value;
  }

  // The lowest 32 bits come first.
  #bits(count: number): number {
    if (count <= 32) return this.#next() >>> (32 - count);
    const low = this.#next();
    return low + (this.#next() >>> (64 - count)) * 2 ** 32;
  }

  #seedByNumber(seed: number): void {
    const state = this.#state;
    state[0] = seed;
    for (let index = 1; index < size; index++) {
      const last = state[index - 1]!;
      state[index] = Math.imul(1_812_433_253, last ^ (last >>> 30)) + index;
    }
  }

  #seedByArray(key: readonly number[]): void {
    this.#seedByNumber(19_650_218);
    const state = this.#state;
    let index = 1;
    const step = (factor: number, addition: (word: number) => number): void => {
      const last = state[index - 1]!;
      state[index] = addition(state[index]! ^ Math.imul(last ^ (last >>> 30), factor));
      index++;
      if (index >= size) {
        state[0] = state[size - 1]!;
        index = 1;
      }
    };
    for (let round = 0; round < Math.max(size, key.length); round++) {
      const place = round % key.length;
      step(1_664_525, (word) => word + key[place]! + place);
    }
    for (let round = 0; round < size - 1; round++) {
      const place = index;
      step(1_566_083_941, (word) => word - place);
    }
    state[0] = 0x80000000;
  }

  #next(): number {
    if (this.#index >= size) this.#twist();
    let word = this.#state[this.#index++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let index = 0; index < size; index++) {
      const word = (state[index]! & 0x80000000) | (state[(index + 1) % size]! & 0x7fffffff);
      state[index] = state[(index + period) % size]! ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}

// Text counts as the number that its bytes and their SHA-512 spell.
const seedNumber = (seed: number | bigint | string): bigint => {
  if (typeof seed === 'string') {
    const bytes = Buffer.from(seed);
    return BigInt(`0x${bytes.toString('hex')}${createHash('sha512').update(bytes).digest('hex')}`);
  }
  const number = BigInt(seed);
  return number < 0n ? -number : number;
};

const wordsOf = (value: bigint): number[] => {
  const words: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words.length === 0 ? [0] : words;
};

/** Python's random.shuffle, in place. */
export const shuffle = <Item>(items: Item[], source: RandomSource): Item[] => {
  for (let index = items.length - 1; index > 0; index--) {
    const other = source.below(index + 1);
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
  return items;
};
