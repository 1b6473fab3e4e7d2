import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writeRandomCase } from './random/case.ts';
import { openTheirs } from './theirs.ts';

const count = 300;
const theirs = openTheirs('random');

test.each(Array.from({ length: count }, (_, index) => index + 1))('random playbook %i', async (seed) => {
  const one = writeRandomCase(seed);
  try {
    const [ours, expected] = await theirs.both(one);
    expect(ours).toBe(expected);
  } finally {
    rmSync(one.directory, { recursive: true });
  }
});
