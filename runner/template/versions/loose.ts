type Part = number | string;

/** The parts of a version: numbers, and runs of letters or other signs. */
export const looseParts = (version: string): Part[] =>
  version
    .split(/(\d+|[a-z]+|\.)/)
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/** Negative, zero or positive. Throws where a number would have to be compared with text. */
export const compareLoose = (left: readonly Part[], right: readonly Part[]): number => {
  for (let index = 0; index < left.length && index < right.length; index++) {
    const [one, other] = [left[index]!, right[index]!];
    if (one === other) continue;
    if (typeof one !== typeof other) {
      const [a, b] = [one, other].map((part) => (typeof part === 'number' ? 'int' : 'str'));
      throw new TypeError(`'<' not supported between instances of '${a}' and '${b}'`);
    }
    return one < other ? -1 : 1;
  }
  return left.length - right.length;
};
