import { expect, it } from 'vitest';
import { durationText, parseDuration } from './duration.ts';

it('reads lengths of time', () => {
  expect(['250ms', '90s', '1m', '2h30m', ' 1d ', '1w'].map((text) => parseDuration(text, 's'))).toEqual([
    250, 90_000, 60_000, 9_000_000, 86_400_000, 604_800_000,
  ]);
  expect([parseDuration('5', 's'), parseDuration('5', 'm')]).toEqual([5000, 300_000]);
  for (const text of ['', '1', '1x', '-1s', '1.5h', '1 h', '999999999w']) {
    expect([text, parseDuration(text, 's')]).toEqual([text, text === '1' ? 1000 : undefined]);
  }
});

it('writes the two largest units', () => {
  expect([0, 999, 1000, 61_000, 3_600_000, 90_061_000, 172_800_000].map(durationText)).toEqual([
    '0ms',
    '999ms',
    '1s',
    '1m 1s',
    '1h',
    '1d 1h',
    '2d',
  ]);
});
