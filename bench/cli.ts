import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { runBench } from './index.ts';
import { caseText } from './report.ts';
import { runnerNames } from './runners/index.ts';
import { scenarios } from './scenarios/index.ts';
import type { RunnerName, Scenario } from './types.ts';

const number = (value: string): number => {
  const read = Number(value);
  if (read > 0) return read;
  throw new InvalidArgumentError('It has to be a number above 0.');
};

const names = (value: string): RunnerName[] =>
  value.split(',').map((name) => {
    const known = runnerNames.find((one) => one === name);
    if (known) return known;
    throw new InvalidArgumentError(`Those that can take part: ${runnerNames.join(', ')}.`);
  });

const find = (id: string): Scenario => {
  const found = scenarios.find((one) => one.id === id.toUpperCase());
  if (found) return found;
  throw new InvalidArgumentError(`Scenarios: ${scenarios.map((one) => one.id).join(', ')}.`);
};

interface Flags {
  readonly runners?: RunnerName[];
  readonly rounds?: number;
  readonly scale?: number;
  readonly patience: number;
  readonly timeout: number;
  readonly budget: number;
  readonly report?: string;
  readonly muster?: string;
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const command = new Command('bench')
  .description('Measures muster beside ansible-playbook, mitogen, and ssh running plain scripts.')
  .argument('[scenarios...]', 'S1 to S10; all when none is named')
  .option('--runners <names>', `some of ${runnerNames.join(', ')}`, names)
  .option('--rounds <number>', 'rounds for each; the usual number of each when not given', number)
  .option('--scale <number>', 'takes so many times the usual sizes, such as 0.1', number)
  .option('--patience <seconds>', 'begins no further round for who has used this much in a case', number, 45)
  .option('--timeout <seconds>', 'ends a run that takes longer', number, 300)
  .option('--budget <minutes>', 'lets everybody run only once when so much time has gone', number, 18)
  .option('--report <file>', 'writes the report there and not to bench/RESULTS.md')
  .option('--muster <file>', 'measures the build of this bin/muster.js and not one of the sources', (path: string) =>
    resolve(path),
  )
  .action(async (ids: string[], flags: Flags) => {
    const { runners = [...runnerNames], rounds, scale, patience, timeout, budget, report, muster } = flags;
    const ending = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => ending.abort(new Error(`ended by ${signal}`)));
    }
    const results = await runBench({
      scenarios: ids.length === 0 ? scenarios : ids.map(find),
      runners,
      rounds,
      scale,
      patienceSeconds: patience,
      timeoutSeconds: timeout,
      hurryFrom: performance.now() + budget * 60_000,
      report: report
        ? { text: report, numbers: `${report}.json` }
        : { text: file('RESULTS.md'), numbers: file('results.json') },
      muster,
      signal: ending.signal,
      say,
    });
    for (const { cases } of results) for (const one of cases) say(`\n${caseText(one)}`);
    for (const { id, cases, failure } of results) {
      for (const { title, marks } of cases) {
        for (const mark of marks) {
          say(`${id} ${title}: ${mark.text} ${mark.reached} (${mark.aim}) ${mark.isMet ? 'met' : 'missed'}`);
        }
      }
      if (failure) say(`${id} failed: ${failure}`);
    }
    if (results.some(({ failure }) => failure)) process.exitCode = 1;
  });

await command.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
