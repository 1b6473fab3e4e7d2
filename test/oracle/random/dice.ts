/** Chances that come out the same for the same seed. */
export interface Dice {
  /** True in so many of 100 cases. */
  chance(percent: number): boolean;
  /** A whole number from `least` to `most`. */
  number(least: number, most: number): number;
  pick<T>(choices: readonly T[]): T;
}

/** The generator known as mulberry32. */
export const openDice = (seed: number): Dice => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const number = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    chance: (percent) => next() * 100 < percent,
    number,
    pick: (choices) => choices[number(0, choices.length - 1)]!,
  };
};
