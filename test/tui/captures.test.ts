import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureFiles, withCaptures } from './captures.ts';

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = 'UTC';
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test.each(captureFiles)('%s shows the screens as they are (npm run captures makes them anew)', async (file) => {
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/<!-- capture: /);
  expect(await withCaptures(text)).toBe(text);
});
