import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { isGoingOn } from './claim.ts';
import { identify } from './identity.ts';
import type { RunState } from './rows.ts';

const here = identify();
const gone = { ...here, boot: 'an earlier one' };
const elsewhere = { ...here, machine: `not-${hostname()}` };

test('a run goes on while its owner or its own process does; elsewhere, while the lease holds', () => {
  const goesOn = (run: Pick<RunState, 'owner' | 'child'>, leaseUntil = 0): boolean =>
    isGoingOn({ ...run, leaseUntil } as RunState, 1000);
  expect(goesOn({ owner: here, child: undefined })).toBe(true);
  expect(goesOn({ owner: gone, child: undefined }, 2000)).toBe(false);
  expect(goesOn({ owner: gone, child: here })).toBe(true);
  expect(goesOn({ owner: gone, child: gone })).toBe(false);
  expect(goesOn({ owner: elsewhere, child: undefined }, 2000)).toBe(true);
  expect(goesOn({ owner: elsewhere, child: undefined }, 1000)).toBe(false);
  expect(goesOn({ owner: elsewhere, child: elsewhere })).toBe(false);
});
