export interface StrictVersion {
  readonly numbers: readonly number[];
  readonly prerelease: readonly [string, number] | undefined;
}

/** A version of two or three numbers, with a or b and a number after it at most. */
export const readStrict = (version: string): StrictVersion => {
  const found = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(version);
  if (!found) throw new TypeError(`invalid version number '${version}'`);
  const [, major, minor, patch, letter, number] = found;
  return {
    numbers: [Number(major), Number(minor), Number(patch ?? 0)],
    prerelease: letter === undefined ? undefined : [letter, Number(number)],
  };
};

/** Negative, zero or positive. */
export const compareStrict = (left: StrictVersion, right: StrictVersion): number => {
  for (const [index, number] of left.numbers.entries()) {
    if (number !== right.numbers[index]) return number - right.numbers[index]!;
  }
  if (!left.prerelease || !right.prerelease) return (left.prerelease ? 0 : 1) - (right.prerelease ? 0 : 1);
  const [letter, number] = left.prerelease;
  const [otherLetter, otherNumber] = right.prerelease;
  return letter === otherLetter ? number - otherNumber : letter < otherLetter ? -1 : 1;
};
