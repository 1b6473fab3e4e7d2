import { type Origin, SourceError } from '../errors/index.ts';
import { Float, toText, type Value } from '../values/index.ts';

/** A play's hosts cut into the batches that `serial` asks for; the last size goes on until no host is left. */
export const batchesOf = (
  hosts: readonly string[],
  serial: Value | undefined,
  origin?: Origin,
): readonly (readonly string[])[] => {
  const sizes = (Array.isArray(serial) ? serial : serial === undefined || serial === null ? [] : [serial]).map((size) =>
    batchSize(size, hosts.length, origin),
  );
  const batches: (readonly string[])[] = [];
  let start = 0;
  for (let index = 0; start < hosts.length; index++) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? 0;
    // No size, and a size that is not positive, mean all that are left.
    const end = size > 0 ? start + size : hosts.length;
    batches.push(hosts.slice(start, end));
    start = end;
  }
  return batches;
};

/** A number of hosts, from a number or a share of all such as `30%`, which is at least one. */
const batchSize = (size: Value, total: number, origin: Origin | undefined): number => {
  const text = size instanceof Float ? String(size.value) : toText(size).trim();
  const share = /^(-?[\d.]+)%$/.exec(text);
  if (share) return Math.max(1, Math.floor((Number(share[1]) / 100) * total));
  if (!/^-?\d+$/.test(text)) {
    throw new SourceError({
      message: `'serial' is '${text}'`,
      origin,
      expected: 'a number of hosts or a percentage of them, or a list of such',
    });
  }
  return Number(text);
};
