/** Orders two epochs, versions and releases as rpm does: negative, zero or positive. */
export const compareRpmVersions = (
  left: { epoch: string; version: string; release?: string | undefined },
  right: { epoch: string; version: string; release?: string | undefined },
): number => {
  const epochs = Number(left.epoch || 0) - Number(right.epoch || 0);
  if (epochs !== 0) return epochs;
  const versions = comparePart(left.version, right.version);
  if (versions !== 0 || left.release === undefined || right.release === undefined) return versions;
  return comparePart(left.release, right.release);
};

/** Compares by turns digits and letters; ~ is before the end, ^ behind it, other characters only divide. */
const comparePart = (left: string, right: string): number => {
  const a = left.match(/\d+|[A-Za-z]+|[~^]/g) ?? [];
  const b = right.match(/\d+|[A-Za-z]+|[~^]/g) ?? [];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const x = a[index];
    const y = b[index];
    if (x === y) continue;
    if (x === '~' || y === '~') return x === '~' ? -1 : 1;
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (x === '^' || y === '^') return x === '^' ? -1 : 1;
    const isNumberX = /^\d/.test(x);
    const isNumberY = /^\d/.test(y);
    if (isNumberX !== isNumberY) return isNumberX ? 1 : -1;
    if (!isNumberX) return x < y ? -1 : 1;
    const order = BigInt(x) - BigInt(y);
    if (order !== 0n) return order < 0n ? -1 : 1;
  }
  return 0;
};
