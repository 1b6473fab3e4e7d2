import { readdirSync, statSync, utimesSync } from 'node:fs';
import { expect, test } from 'vitest';
import { folderForEachTest } from '../../test/support/folders.ts';
import { MusterError } from '../errors/index.ts';
import { dict } from '../values/index.ts';
import { JsonFactsCache } from './facts-cache.ts';

const folder = folderForEachTest('muster-facts-');

const facts = dict({ ansible_system: 'Linux', ansible_memtotal_mb: 4 });

test('keeps the facts of each host for the next run, in a file that nobody else reads', () => {
  const cache = new JsonFactsCache(folder.at('deep', 'cache'), '', 0);
  expect(cache.load('web1')).toBeUndefined();
  cache.save('web1', facts);
  cache.save('a/../b', facts);
  expect(readdirSync(folder.at('deep', 'cache')).sort()).toEqual(['a_.._b', 'web1']);
  expect(statSync(folder.at('deep', 'cache', 'web1')).mode & 0o777).toBe(0o600);
  const next = new JsonFactsCache(folder.at('deep', 'cache'), '', 0);
  expect(next.load('web1')).toEqual(facts);
  next.remove('web1');
  next.remove('web1');
  expect(next.load('web1')).toBeUndefined();
  expect(next.load('a/../b')).toEqual(facts);
});

test('passes over what is older than the timeout, or no facts at all', () => {
  const cache = new JsonFactsCache(folder.path, '', 60);
  for (const host of ['new', 'old', 'cut', 'list']) cache.save(host, facts);
  const then = new Date(Date.now() - 120_000);
  utimesSync(folder.at('old'), then, then);
  folder.write('cut', '{"ansible_system": "Li');
  folder.write('list', '[1]');
  expect(['new', 'old', 'cut', 'list'].map((host) => cache.load(host)?.size)).toEqual([
    2,
    undefined,
    undefined,
    undefined,
  ]);
  expect(new JsonFactsCache(folder.path, '', 0).load('old')).toEqual(facts);
});

test('forgets its own files only', () => {
  const cache = new JsonFactsCache(folder.path, 'facts_', 0);
  cache.save('web1', facts);
  for (const name of ['other', '.facts_hidden', '.keep']) folder.write(name, '');
  cache.clear();
  expect(readdirSync(folder.path).sort()).toEqual(['.facts_hidden', '.keep', 'other']);
});

test('forgets no hidden files where nothing stands in front of the names', () => {
  const cache = new JsonFactsCache(folder.path, '', 0);
  cache.save('web1', facts);
  folder.write('.keep', '');
  cache.clear();
  expect(readdirSync(folder.path)).toEqual(['.keep']);
});

test('says which setting names a folder that cannot be used', () => {
  folder.write('file', '');
  let error: unknown;
  try {
    new JsonFactsCache(folder.at('file'), '', 0);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(MusterError);
  expect((error as MusterError).problems[0]?.hint).toBe('fact_caching_connection names it');
});
