import { expect, test } from 'vitest';
import type { Value } from '../values/index.ts';
import { batchesOf } from './batches.ts';
import { tagsSelect } from './tags.ts';

const hosts = Array.from({ length: 10 }, (_none, index) => `h${index}`);

test.each<[Value | undefined, number[]]>([
  [undefined, [10]],
  [3, [3, 3, 3, 1]],
  ['3', [3, 3, 3, 1]],
  ['30%', [3, 3, 3, 1]],
  ['1%', [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
  [
    [1, 2, '50%'],
    [1, 2, 5, 2],
  ],
  [0, [10]],
  [-1, [10]],
  [20, [10]],
])('serial: %j', (serial, sizes) => {
  expect(batchesOf(hosts, serial).map(({ length }) => length)).toEqual(sizes);
});

test('a serial that is no number is an error', () => {
  expect(() => batchesOf(hosts, 'many')).toThrow("'serial' is 'many'");
});

// Each row as ansible-playbook 2.14 decides it.
test.each<[string[], string[], string[], boolean]>([
  [[], [], [], true],
  [['never'], [], [], false],
  [['never', 'x'], ['x'], [], true],
  [['always'], ['x'], [], true],
  [['always'], [], ['always'], false],
  [['x'], ['y'], [], false],
  [['x'], ['tagged'], [], true],
  [[], ['tagged'], [], false],
  [[], ['untagged'], [], true],
  [['x'], ['untagged'], [], false],
  [['x'], ['all'], ['x'], false],
  [['x'], [], ['tagged'], false],
  [[], [], ['untagged'], false],
  [['x'], [], ['all'], false],
  [['always', 'x'], [], ['all'], true],
])('tags %j under --tags %j --skip-tags %j: %s', (tags, only, skip, runs) => {
  expect(tagsSelect(new Set(tags), only, skip)).toBe(runs);
});
