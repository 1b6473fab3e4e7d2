import { writeFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { folderForEachTest } from '../../../test/support/folders.ts';
import { SourceError } from '../../errors/index.ts';
import { readIniText } from './ini-text.ts';

const folder = folderForEachTest('muster-ini-');
let file: string;
beforeEach(() => {
  file = folder.at('hosts');
});

const problemOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    if (error instanceof SourceError) return error.problems[0];
    throw error;
  }
  return undefined;
};

test('comments may be in any encoding, everything else is UTF-8', () => {
  writeFileSync(file, Buffer.from('# caf\xe9\nweb1\n; \xff\nweb2 name=é\n', 'latin1'));
  expect(problemOf(() => readIniText(file, undefined))).toMatchObject({
    message: `${file} is not UTF-8 text`,
    origin: { file, line: 4, column: 1 },
  });
  writeFileSync(file, Buffer.concat([Buffer.from('# caf\xe9\n', 'latin1'), Buffer.from('web1 name=é\n')]));
  expect(readIniText(file, undefined)).toBe('\nweb1 name=é\n');
});

test('a file that cannot be read is named', () => {
  expect(problemOf(() => readIniText(file, undefined))).toMatchObject({
    message: expect.stringContaining(`cannot read ${file}: `),
  });
});
