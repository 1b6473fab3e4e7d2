import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import { folderForEachTest } from '../../test/support/folders.ts';
import { EventLog } from './event-log.ts';

const directory = folderForEachTest('muster-log-');
let file: string;
beforeEach(() => {
  file = directory.at('events.jsonl');
});

const written = (): string => readFileSync(file, 'utf8');
const noFailure = (error: Error): never => {
  throw error;
};

test('what is urgent is written with all before it once what happens now is over', async () => {
  const log = new EventLog(file, noFailure);
  log.append('one\n', false);
  log.append('two\n', true);
  expect(written()).toBe('');
  await turn();
  await turn();
  expect(written()).toBe('one\ntwo\n');
  log.close();
});

test('what is not urgent is written after a while, or at the end', async () => {
  const log = new EventLog(file, noFailure);
  log.append('one\n', false);
  await vi.waitFor(() => expect(written()).toBe('one\n'), { timeout: 20_000 });
  log.append('two\n', false);
  log.close();
  expect(written()).toBe('one\ntwo\n');
  log.append('three\n', true);
  log.close();
  expect(written()).toBe('one\ntwo\n');
});
