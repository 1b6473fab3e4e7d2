import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MusterError } from '../errors/index.ts';
import { dict } from '../values/index.ts';
import { JsonFactsCache } from './facts-cache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-facts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const facts = dict({ ansible_system: 'Linux', ansible_memtotal_mb: 4 });

test('keeps the facts of each host for the next run, in a file that nobody else reads', () => {
  const cache = new JsonFactsCache(join(folder, 'deep', 'cache'), '', 0);
  expect(cache.load('web1')).toBeUndefined();
  cache.save('web1', facts);
  cache.save('a/../b', facts);
  expect(readdirSync(join(folder, 'deep', 'cache')).sort()).toEqual(['a_.._b', 'web1']);
  expect(statSync(join(folder, 'deep', 'cache', 'web1')).mode & 0o777).toBe(0o600);
  const next = new JsonFactsCache(join(folder, 'deep', 'cache'), '', 0);
  expect(next.load('web1')).toEqual(facts);
  next.remove('web1');
  next.remove('web1');
  expect(next.load('web1')).toBeUndefined();
  expect(next.load('a/../b')).toEqual(facts);
});

test('passes over what is older than the timeout, or no facts at all', () => {
  const cache = new JsonFactsCache(folder, '', 60);
  for (const host of ['new', 'old', 'cut', 'list']) cache.save(host, facts);
  const then = new Date(Date.now() - 120_000);
  utimesSync(join(folder, 'old'), then, then);
  writeFileSync(join(folder, 'cut'), '{"ansible_system": "Li');
  writeFileSync(join(folder, 'list'), '[1]');
  expect(['new', 'old', 'cut', 'list'].map((host) => cache.load(host)?.size)).toEqual([
    2,
    undefined,
    undefined,
    undefined,
  ]);
  expect(new JsonFactsCache(folder, '', 0).load('old')).toEqual(facts);
});

test('forgets its own files only', () => {
  const cache = new JsonFactsCache(folder, 'facts_', 0);
  cache.save('web1', facts);
  for (const name of ['other', '.facts_hidden', '.keep']) writeFileSync(join(folder, name), '');
  cache.clear();
  expect(readdirSync(folder).sort()).toEqual(['.facts_hidden', '.keep', 'other']);
});

test('forgets no hidden files where nothing stands in front of the names', () => {
  const cache = new JsonFactsCache(folder, '', 0);
  cache.save('web1', facts);
  writeFileSync(join(folder, '.keep'), '');
  cache.clear();
  expect(readdirSync(folder)).toEqual(['.keep']);
});

test('says which setting names a folder that cannot be used', () => {
  writeFileSync(join(folder, 'file'), '');
  let error: unknown;
  try {
    new JsonFactsCache(join(folder, 'file'), '', 0);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(MusterError);
  expect((error as MusterError).problems[0]?.hint).toBe('fact_caching_connection names it');
});
