import { expect, test } from 'vitest';
import { powerFloat } from './powers.ts';

// The right-hand sides are what Python prints.
test.each([
  [2.5, 2.5, 9.882117688026186],
  [5, 1 / 3, 1.7099759466766968],
  [1000, -7, 1e-21],
  [0.1, 3, 0.0010000000000000002],
  [-1.5, 3, -3.375],
  [3, 0.5, 1.7320508075688772],
  [27, 1 / 3, 3],
  [64, 1 / 3, 3.9999999999999996],
  [1.0001, 12345.678, 3.436680641432771],
  [9, -1.5, 0.037037037037037035],
  [10, 308.2, 1.584893192461072e308],
])('%d to the power of %d', (base, exponent, power) => {
  expect(powerFloat(base, exponent)).toBe(power);
});

test('what is out of range stays so', () => {
  expect(powerFloat(10, 400)).toBe(Infinity);
  expect(powerFloat(-2, 0.5)).toBeNaN();
  expect(powerFloat(0, 3)).toBe(0);
});
