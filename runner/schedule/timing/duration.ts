const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of `90s`, `1m`, `2h30m`, `1d` or, for a number alone, of so many `unit`; undefined for anything else. */
export const parseDuration = (text: string, unit: 's' | 'm'): number | undefined => {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) return within(Number(trimmed) * units[unit]!);
  if (!/^(?:\d+(?:ms|[smhdw]))+$/.test(trimmed)) return undefined;
  let sum = 0;
  for (const [, number, name] of trimmed.matchAll(/(\d+)(ms|[smhdw])/g)) sum += Number(number) * units[name!]!;
  return within(sum);
};

// A thousand years: more is a slip, and beyond what dates can hold.
const longest = 365_000 * units.d!;

const within = (milliseconds: number): number | undefined => (milliseconds <= longest ? milliseconds : undefined);

/** `1h 30m`, the two largest units of a length of time. */
export const durationText = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${Math.round(milliseconds)}ms`;
  const seconds = Math.round(milliseconds / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([number]) => number > 0);
  return parts
    .slice(first, first + 2)
    .filter(([number]) => number > 0)
    .map(([number, unit]) => `${number}${unit}`)
    .join(' ');
};
