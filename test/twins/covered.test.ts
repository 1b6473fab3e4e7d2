import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allModules } from '../../runner/modules/registry.ts';
import { otherProofs } from './covered.ts';
import { triedModules } from './situations.ts';

const root = join(import.meta.dirname, '../..');
const modules = allModules().map((full) => full.split('.').slice(2).join('.'));
const situations = new Map(triedModules([]).map((tried) => [tried.name, tried.situations.size]));

const textOf = (path: string): string =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .map((name) => textOf(join(path, name)))
        .join('\n')
    : readFileSync(path, 'utf8');

test.each(modules)('%s is compared with Ansible in five situations, or shown to be right elsewhere', (name) => {
  const proof = otherProofs[name];
  if (!proof) expect(situations.get(name) ?? 0, 'situations').toBeGreaterThanOrEqual(5);
  else {
    expect(proof.reason).not.toBe('');
    const text = proof.files.map((file) => textOf(join(root, file))).join('\n');
    expect(text).toMatch(new RegExp(`\\b${name}\\b`));
  }
});

test('no module is said to be shown elsewhere that is not there, or that has its situations', () => {
  expect(Object.keys(otherProofs).filter((name) => !modules.includes(name))).toEqual([]);
  expect(Object.keys(otherProofs).filter((name) => (situations.get(name) ?? 0) >= 5)).toEqual([]);
  expect([...situations.keys()].filter((name) => !modules.includes(name))).toEqual([]);
});
