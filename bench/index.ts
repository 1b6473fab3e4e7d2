// Measures muster beside its peers, and beside the least that OpenSSH and sh can do it with.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBed } from './bed.ts';
import { buildMuster } from './build.ts';
import { describeMachine } from './machine.ts';
import { type ReportFiles, updateReport } from './report.ts';
import { type RunOptions, runCase } from './run-case.ts';
import type { Bench, CaseResult, Scenario, ScenarioResult } from './types.ts';

export interface BenchOptions extends RunOptions {
  readonly scenarios: readonly Scenario[];
  /** Divides the sizes of cases; 1 when not given. */
  readonly scale?: number | undefined;
  readonly report: ReportFiles;
  /** The `bin/muster.js` of a build to measure; one is made of the sources when not given. */
  readonly muster?: string | undefined;
}

/** Runs scenarios one after the other, and writes the report after each. */
export const runBench = async (options: BenchOptions): Promise<ScenarioResult[]> => {
  const build = options.muster === undefined ? await buildMuster() : { muster: options.muster, close: async () => {} };
  const directory = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  const machine = describeMachine();
  const results: ScenarioResult[] = [];
  try {
    await writeFile(join(directory, 'ansible.cfg'), '');
    const bed = await openBed(join(directory, 'bed'), Math.max(...options.scenarios.map(({ hosts }) => hosts)));
    try {
      const bench: Bench = { directory, muster: build.muster, bed, scale: options.scale ?? 1 };
      for (const scenario of options.scenarios) {
        options.say(`${scenario.id}: ${scenario.title}`);
        const { cases, failure } = await runScenario(bench, scenario, options);
        const { id, title } = scenario;
        const date = new Date().toISOString().slice(0, 10);
        results.push({ id, title, machine, date, cases, ...(failure !== undefined && { failure }) });
        await updateReport(options.report, results.slice(-1));
      }
    } finally {
      await bed.close();
    }
  } finally {
    await build.close();
    await rm(directory, { recursive: true, force: true });
  }
  return results;
};

/** What fails in a scenario is told in its results; the next ones are run all the same. */
const runScenario = async (
  bench: Bench,
  scenario: Scenario,
  options: RunOptions,
): Promise<{ cases: CaseResult[]; failure?: string }> => {
  const cases: CaseResult[] = [];
  try {
    const open = await scenario.open(bench);
    try {
      for (const one of open.cases) {
        options.say(` ${one.title}`);
        cases.push(await runCase(bench, one, options));
      }
    } finally {
      await open.close?.();
    }
    return { cases };
  } catch (error) {
    options.signal?.throwIfAborted();
    const failure = (error as Error).message;
    options.say(`  ${failure}`);
    return { cases, failure };
  }
};
