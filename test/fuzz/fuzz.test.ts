import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, test } from 'vitest';
import { runCase } from './run-case.ts';
import { cleanUp, targets } from './targets.ts';

// MUSTER_FUZZ=full, as in CI: all of them.
const cases = process.env.MUSTER_FUZZ === 'full' ? 100_000 : 5000;
const mostGrowth = 64 << 20;

afterAll(cleanUp);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is in use when all that can be freed was. */
const memoryInUse = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

describe('whatever is read ends in a result or in an error for people, soon', () => {
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  for (const target of targets) {
    const count = Math.ceil((cases * target.share) / shares);
    test(`${count} ${target.name}`, { timeout: 240_000 }, async () => {
      const faults: string[] = [];
      let inUse = 0;
      for (let number = 0; number < count && faults.length < 10; number++) {
        const fault = await runCase(target, number);
        if (fault) faults.push(fault);
        if (number === Math.floor(count / 4)) inUse = memoryInUse();
      }
      expect(faults.join('\n\n')).toBe('');
      expect(memoryInUse() - inUse).toBeLessThan(mostGrowth);
    });
  }
});
