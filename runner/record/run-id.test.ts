import { expect, test } from 'vitest';
import { isRunId, nextRunId, runId, timeOfRun } from './run-id.ts';

test('names sort by time, and tell it', () => {
  const times = [Date.UTC(2025, 0, 1), Date.UTC(2026, 5, 1), Date.UTC(2026, 5, 1, 0, 0, 1), Date.UTC(2099, 0, 1)];
  const ids = times.map(runId);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.map(timeOfRun)).toEqual(times);
  expect(ids.every(isRunId)).toBe(true);
  expect(new Set(ids.map((id) => id.length))).toEqual(new Set([7]));
});

test('gives the next name to a run of the same moment', () => {
  const id = runId(Date.UTC(2026, 5, 1));
  expect(nextRunId(id) > id).toBe(true);
  expect(nextRunId('000000z')).toBe('0000010');
});

test('tells names from other files', () => {
  expect(['0hraj6d', 'manifest', '0hraj6', '0HRAJ6D', '0hraj6l'].map(isRunId)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
