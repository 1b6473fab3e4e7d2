import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { runBench } from '../../bench/index.ts';
import { scenarios } from '../../bench/scenarios/index.ts';
import type { Scenario, ScenarioResult } from '../../bench/types.ts';
import { folderForAllTests } from '../support/folders.ts';

const hasSshd = process.platform === 'linux' && existsSync('/usr/sbin/sshd');

describe.skipIf(!hasSshd && !process.env.MUSTER_TEST_REQUIRE_ALL)('a short S1 of the bench (needs sshd)', () => {
  const directory = folderForAllTests('muster-bench-test-');
  let results: ScenarioResult[];
  const said: string[] = [];
  const report = (): { text: string; numbers: string } => ({
    text: directory.at('RESULTS.md'),
    numbers: directory.at('results.json'),
  });

  beforeAll(async () => {
    results = await runBench({
      scenarios: scenarios.filter(({ id }) => id === 'S1'),
      runners: ['muster', 'floor'],
      rounds: 1,
      scale: 0.2,
      patienceSeconds: 60,
      timeoutSeconds: 100,
      report: report(),
      say: (line) => said.push(line),
    });
  }, 240_000);

  test('both come to the same state on two hosts, and are measured', () => {
    const [s1] = results;
    expect({ failure: s1?.failure, notes: s1?.cases.flatMap(({ notes }) => notes), said }).toMatchObject({
      failure: undefined,
      notes: [],
    });
    const rows = s1!.cases[0]!.rows;
    expect(rows.map(({ runner, size, rounds, items }) => ({ runner, size, rounds, items }))).toEqual([
      { runner: 'muster', size: 2, rounds: 1, items: 100 },
      { runner: 'floor', size: 2, rounds: 1, items: 100 },
    ]);
    for (const { seconds, cpuSeconds, peakMb } of rows) {
      expect(seconds).toBeGreaterThan(0.05);
      expect(cpuSeconds).toBeGreaterThan(0.01);
      expect(peakMb).toBeGreaterThan(1);
    }
  });

  test('the report tells times, ratios and marks', async () => {
    const text = await readFile(report().text, 'utf8');
    expect(text).toContain('## S1: Setting up an application');
    expect(text).toMatch(/\| muster \| [\d.]+ s \| [\d.]+x \| [\d.]+ s \| \d+ MB \| 1 \|/);
    expect(text).toMatch(/\| floor \| [\d.]+ s \| 1\.00x \|/);
    expect(text).toMatch(
      /\| S1 \| 2 hosts, 50 items each \| time beside floor \| at most 2x \| [\d.]+x \| (met|missed) \|/,
    );
  });

  test('a scenario that fails is told, and the next one runs', async () => {
    const files = { text: directory.at('failed.md'), numbers: directory.at('failed.json') };
    const broken = (id: string, open: Scenario['open']): Scenario => ({ id, title: 'a scenario', hosts: 1, open });
    const both = await runBench({
      scenarios: [broken('S1', () => Promise.reject(new Error('no room'))), broken('S2', async () => ({ cases: [] }))],
      runners: ['muster'],
      patienceSeconds: 1,
      timeoutSeconds: 10,
      report: files,
      muster: 'none',
      say: () => {},
    });
    expect(both.map(({ failure }) => failure)).toEqual(['no room', undefined]);
    const text = await readFile(files.text, 'utf8');
    expect(text).toContain('It could not be finished: no room');
    expect(text).toContain('## S2: a scenario');
  });
});
