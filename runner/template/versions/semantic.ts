export interface SemanticVersion {
  readonly core: readonly number[];
  readonly prerelease: readonly string[];
}

const number = '(0|[1-9]\\d*)';
const identifier = '(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
const pattern = new RegExp(
  `^${number}\\.${number}\\.${number}(?:-(${identifier}(?:\\.${identifier})*))?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$`,
);

/** A version as semver.org defines it. */
export const readSemantic = (version: string): SemanticVersion => {
  const found = pattern.exec(version);
  if (!found) throw new TypeError(`invalid semantic version '${version}'`);
  return { core: found.slice(1, 4).map(Number), prerelease: found[4]?.split('.') ?? [] };
};

/** Negative, zero or positive; what is built does not count. */
export const compareSemantic = (left: SemanticVersion, right: SemanticVersion): number => {
  for (const [index, part] of left.core.entries()) if (part !== right.core[index]) return part - right.core[index]!;
  if (left.prerelease.length === 0 || right.prerelease.length === 0)
    return right.prerelease.length - left.prerelease.length;
  for (let index = 0; index < left.prerelease.length && index < right.prerelease.length; index++) {
    const order = compareIdentifiers(left.prerelease[index]!, right.prerelease[index]!);
    if (order !== 0) return order;
  }
  return left.prerelease.length - right.prerelease.length;
};

// Numbers come before words.
const compareIdentifiers = (left: string, right: string): number => {
  const [isLeft, isRight] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (isLeft && isRight) return Number(left) - Number(right);
  if (isLeft !== isRight) return isLeft ? -1 : 1;
  return left === right ? 0 : left < right ? -1 : 1;
};
