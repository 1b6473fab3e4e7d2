import { rmSync } from 'node:fs';
import { test } from 'vitest';
import { writeRandomCase } from './random/case.ts';
import { openTheirs, patience } from './theirs.ts';

const count = 300;
const theirs = openTheirs('random');

test.each(Array.from({ length: count }, (_, index) => index + 1))(
  'random playbook %i',
  async (seed) => {
    const one = writeRandomCase(seed);
    try {
      await theirs.compare(one);
    } finally {
      rmSync(one.directory, { recursive: true });
    }
  },
  patience,
);
