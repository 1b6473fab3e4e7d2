import type { CaseResult, Mark, Row, RunnerName } from './types.ts';

export const rowOf = (result: Pick<CaseResult, 'rows'>, runner: RunnerName): Row | undefined =>
  result.rows.find((row) => row.runner === runner);

/** Seconds of a run, as if it had done everything: runs of less count by their share of items. */
export const fullSeconds = (row: Row, items: number): number => (row.seconds * items) / row.items;

/** A mark on muster's time as a share of another's; none when one of them took no part. */
export const atMostTimes = (result: Omit<CaseResult, 'marks'>, other: RunnerName, factor: number): Mark[] => {
  const [mine, theirs] = [rowOf(result, 'muster'), rowOf(result, other)];
  if (!mine || !theirs) return [];
  const ratio = mine.seconds / fullSeconds(theirs, mine.items);
  return [
    {
      text: `time beside ${other}`,
      aim: `at most ${factor}x`,
      reached: `${ratio.toFixed(2)}x`,
      isMet: ratio <= factor,
    },
  ];
};

/** A mark on how many times muster is faster than another. */
export const timesFaster = (result: Omit<CaseResult, 'marks'>, other: RunnerName, factor: number): Mark[] => {
  const [mine, theirs] = [rowOf(result, 'muster'), rowOf(result, other)];
  if (!mine || !theirs) return [];
  const ratio = fullSeconds(theirs, mine.items) / mine.seconds;
  return [{ text: `faster than ${other}`, aim: `${factor}x`, reached: `${ratio.toFixed(1)}x`, isMet: ratio >= factor }];
};

/** A mark on a number that is to stay below another. */
export const below = (text: string, value: number | undefined, most: number, unit: string, digits = 2): Mark[] =>
  value === undefined
    ? []
    : [{ text, aim: `under ${most} ${unit}`, reached: `${value.toFixed(digits)} ${unit}`, isMet: value < most }];

/** The controller's CPU for each item and host. */
export const cpuPerItem = (result: Omit<CaseResult, 'marks'>): Mark[] => {
  const mine = rowOf(result, 'muster');
  return below(
    'CPU of the controller for an item, start-up included',
    mine && (mine.cpuSeconds * 1000) / mine.items,
    1,
    'ms',
  );
};
