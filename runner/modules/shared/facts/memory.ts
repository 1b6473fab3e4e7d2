import type { Facts } from './collector.ts';
import type { Dump } from './dump.ts';

/** Memory and swap in whole MiB. */
export const readMemory = (dump: Dump): Facts => {
  const sizes = new Map<string, number>();
  for (const line of dump.lines('/proc/meminfo')) {
    const match = /^(\w+):\s*(\d+)/.exec(line);
    if (match) sizes.set(match[1]!, Math.floor(Number(match[2]) / 1024));
  }
  if (sizes.size === 0) return {};
  const size = (name: string): number | null => sizes.get(name) ?? null;
  const less = (whole: number | null, part: number | null): number | null =>
    whole === null || part === null ? null : whole - part;
  const [total, free, cached, buffers] = ['MemTotal', 'MemFree', 'Cached', 'Buffers'].map(size) as [
    number | null,
    number | null,
    number | null,
    number | null,
  ];
  const freeWithoutCache = cached === null || free === null || buffers === null ? null : cached + free + buffers;
  const swapTotal = size('SwapTotal');
  const swapFree = size('SwapFree');
  return {
    memtotal_mb: total ?? undefined,
    memfree_mb: free ?? undefined,
    swaptotal_mb: swapTotal ?? undefined,
    swapfree_mb: swapFree ?? undefined,
    memory_mb: {
      real: { total, used: less(total, free), free },
      nocache: { free: freeWithoutCache, used: less(total, freeWithoutCache) },
      swap: { total: swapTotal, free: swapFree, used: less(swapTotal, swapFree), cached: size('SwapCached') },
    },
  };
};
