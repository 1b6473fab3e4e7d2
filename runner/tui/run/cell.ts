import type { HostResult } from '../../events/index.ts';
import type { Tone } from '../text/line.ts';

/** What a host made of a task, as a number that fits into a byte. The higher ones are those that people look for. */
export const cell = {
  none: 0,
  skipped: 1,
  ok: 2,
  changed: 3,
  running: 4,
  waiting: 5,
  ignored: 6,
  rescued: 7,
  unreachable: 8,
  failed: 9,
} as const;

export type Cell = (typeof cell)[keyof typeof cell];

/** How many kinds of cells there are. */
export const cellKinds = 10;

/** The names of the kinds, in the order of their numbers. */
export const cellNames = Object.keys(cell) as readonly (keyof typeof cell)[];

/** One sign a cell, that tells itself apart without color. */
export const cellSigns = [' ', '-', '.', 'c', '>', '?', 'i', 'r', 'U', 'F'] as const;

export const cellTones: readonly Tone[] = [
  'faint',
  'skipped',
  'ok',
  'changed',
  'running',
  'running',
  'skipped',
  'skipped',
  'unreachable',
  'failed',
];

/** The kind of a cell that a result makes. */
export const cellOf = ({ status, ignored, rescued }: HostResult): Cell => {
  if (status !== 'failed' && status !== 'unreachable') return cell[status];
  if (ignored) return cell.ignored;
  return rescued ? cell.rescued : cell[status];
};

/** A failure that counts. */
export const isFailure = (kind: number): boolean => kind === cell.failed || kind === cell.unreachable;
