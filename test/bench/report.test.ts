import { readFile, rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { measure } from '../../bench/measure.ts';
import { updateReport } from '../../bench/report.ts';
import { median, runCase } from '../../bench/run-case.ts';
import { firstDifference } from '../../bench/state.ts';
import type { Bench, Case, ScenarioResult } from '../../bench/types.ts';
import { folderForEachTest } from '../support/folders.ts';

const directory = folderForEachTest('muster-bench-test-');

const result = (id: string, seconds: number): ScenarioResult => ({
  id,
  title: `about ${id}`,
  machine: 'a machine',
  date: '2026-01-01',
  cases: [
    {
      title: 'a case',
      unit: 'hosts',
      size: 10,
      notes: ['rsync: skipped, rsync is not installed'],
      rows: [
        { runner: 'floor', size: 10, items: 100, rounds: 5, seconds, cpuSeconds: 1, peakMb: 10, observed: {} },
        { runner: 'ansible', size: 5, items: 50, rounds: 1, seconds: 100, cpuSeconds: 9, peakMb: 99, observed: {} },
      ],
      marks: [{ text: 'a mark', aim: 'under 1 s', reached: '2 s', isMet: false }],
    },
  ],
});

test('a scenario that is run again takes the place of its earlier results, and the others stay', async () => {
  const files = { text: directory.at('RESULTS.md'), numbers: directory.at('results.json') };
  await updateReport(files, [result('S10', 2)]);
  await updateReport(files, [result('S2', 4)]);
  await updateReport(files, [result('S10', 8)]);
  const text = await readFile(files.text, 'utf8');
  expect(text.match(/^## .*$/gm)).toEqual(['## Marks', '## S2: about S2', '## S10: about S10']);
  expect(text.match(/^\| floor .*$/gm)).toEqual([
    '| floor | 4.000 s | 1.00x | 1.00 s | 10 MB | 5 |',
    '| floor | 8.000 s | 1.00x | 1.00 s | 10 MB | 5 |',
  ]);
  // Half of the work took 100 s.
  expect(text).toContain('| ansible-playbook, pipelining | 100.0 s for 5 of 10 hosts | 25.00x |');
  expect(text).toContain('| S10 | a case | a mark | under 1 s | 2 s | missed |');
  expect(text).toContain('- rsync: skipped, rsync is not installed');
});

test('the middle of numbers', () => {
  expect([median([3]), median([9, 1, 2]), median([4, 1, 2, 3])]).toEqual([3, 2, 2.5]);
});

test('what differs between two states is told', () => {
  expect(firstDifference('a 1\nb 2', 'a 1\nb 2')).toBeUndefined();
  expect(firstDifference('a 1\nb 2', 'a 1\nb 3')).toBe("missing 'b 2', there is 'b 3'");
});

test.skipIf(process.platform !== 'linux')(
  'CPU and memory of everything that a program starts are counted (needs Linux)',
  async () => {
    const busy = 'i=0; while [ $i -lt 150000 ]; do i=$((i + 1)); done';
    const options = { log: directory.at('log'), directory: directory.path, timeoutMs: 60_000 };
    const alone = await measure({ argv: ['sh', '-c', busy] }, options);
    // All of the work is done by a process that has left its parent, and is alive when that ends.
    const away = `(${busy}; echo >done; exec sleep 60) & until [ -e done ]; do sleep 0.2; done`;
    const apart = await measure({ argv: ['sh', '-c', away] }, options);
    expect(apart.cpuSeconds).toBeGreaterThan(alone.cpuSeconds * 0.6);
    expect(apart.peakMb).toBeGreaterThan(0.5);
  },
);

test('a program that fails is told with its last output', async () => {
  const options = { log: directory.at('log'), directory: directory.path, timeoutMs: 60_000 };
  await expect(measure({ argv: ['sh', '-c', 'echo why; exit 3'] }, options)).rejects.toThrow('it ended with 3:\nwhy');
  await expect(measure({ argv: ['sleep', '60'] }, { ...options, timeoutMs: 100 })).rejects.toThrow(
    'it was ended after',
  );
});

test('times do not count for who leaves another state', async () => {
  const target = directory.at('made');
  const bench: Bench = { directory: directory.path, muster: '', bed: undefined as never, scale: 1 };
  const one: Case = {
    title: 'a file',
    unit: 'files',
    size: 1,
    items: (files) => files,
    command: (runner) => {
      if (runner !== 'floor' && runner !== 'muster') return undefined;
      return { argv: ['sh', '-c', `echo ${runner === 'floor' ? 'right' : 'wrong'} >${target}`] };
    },
    prepare: () => rm(target, { force: true }),
    state: () => readFile(target, 'utf8'),
  };
  const found = await runCase(bench, one, {
    runners: ['muster', 'floor'],
    rounds: 1,
    patienceSeconds: 10,
    timeoutSeconds: 60,
    say: () => {},
  });
  expect(found.rows.map(({ runner }) => runner)).toEqual(['floor']);
  expect(found.notes.join()).toMatch(/^muster: its end state is another one: missing 'right'/);
});
