/** What a version of PEP 440 is compared by, part by part. */
export type Pep440Version = readonly (readonly Key[])[];
type Key = number | string;

const pattern =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/i;

const phases: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2, preview: 2 };
const never = Number.NEGATIVE_INFINITY;
const last = Number.POSITIVE_INFINITY;

/** A version as Python's packaging library reads it. */
export const readPep440 = (version: string): Pep440Version => {
  const found = pattern.exec(version);
  if (!found) throw new TypeError(`Invalid version: '${version}'`);
  const [, epoch, release, phase, phaseNumber, dashPost, post, postNumber, dev, devNumber, local] = found;
  const numbers = release!.split('.').map(Number);
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  const hasPost = post !== undefined || dashPost !== undefined;
  const isOnlyDev = phase === undefined && !hasPost && dev !== undefined;
  const prerelease =
    phase === undefined ? [isOnlyDev ? never : last] : [phases[phase.toLowerCase()]!, Number(phaseNumber)];
  return [
    [Number(epoch ?? 0)],
    numbers,
    prerelease,
    [hasPost ? Number(dashPost ?? postNumber) : never],
    [dev === undefined ? last : Number(devNumber)],
    local === undefined
      ? [never]
      : local
          .toLowerCase()
          .split(/[-_.]/)
          .map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  ];
};

/** Negative, zero or positive. */
export const comparePep440 = (left: Pep440Version, right: Pep440Version): number => {
  for (const [index, keys] of left.entries()) {
    const order = compareKeys(keys, right[index]!);
    if (order !== 0) return order;
  }
  return 0;
};

// In the local part, numbers come after words.
const compareKeys = (left: readonly Key[], right: readonly Key[]): number => {
  for (let index = 0; index < left.length && index < right.length; index++) {
    const [one, other] = [left[index]!, right[index]!];
    if (one === other) continue;
    if (typeof one === typeof other) return one < other ? -1 : 1;
    if (one === never || other === never) return one === never ? -1 : 1;
    return typeof one === 'number' ? 1 : -1;
  }
  return left.length - right.length;
};
