import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fullSeconds, rowOf } from './marks.ts';
import { runnerTitles } from './runners/index.ts';
import type { CaseResult, Mark, Row, ScenarioResult } from './types.ts';

/** Where results are kept: the text for people, and the numbers that it is made from. */
export interface ReportFiles {
  readonly text: string;
  readonly numbers: string;
}

/** Puts scenarios in the place of their earlier results; the others stay. */
export const updateReport = async (files: ReportFiles, results: readonly ScenarioResult[]): Promise<void> => {
  const known = new Map((await readResults(files.numbers)).map((one) => [one.id, one]));
  for (const one of results) known.set(one.id, one);
  const sorted = [...known.values()].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
  await mkdir(dirname(files.text), { recursive: true });
  await writeFile(files.numbers, `${JSON.stringify(sorted, undefined, 2)}\n`);
  await writeFile(files.text, reportText(sorted));
};

const readResults = async (file: string): Promise<ScenarioResult[]> => {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  return JSON.parse(text) as ScenarioResult[];
};

/** The whole report. */
const reportText = (results: readonly ScenarioResult[]): string =>
  `# Results of the bench

Written by \`npm run bench\`; [README.md](README.md) tells how it is measured. Times are medians of wall time. CPU and peak
memory are those of the controller with everything that it starts on its side. The floor is one OpenSSH \`ssh\` a host that
runs one sh script which brings about the same end state.

${machines(results)}
## Marks

${marksTable(results.flatMap(({ id, cases }) => cases.flatMap(({ title, marks }) => marks.map((mark) => ({ id, title, mark })))))}
${results.map(scenarioText).join('\n')}`;

const machines = (results: readonly ScenarioResult[]): string => {
  const all = [...new Set(results.map(({ machine }) => machine))];
  if (all.length === 1) return `Machine: ${all[0]}\n`;
  return all
    .map((machine) => {
      const ids = results.filter((one) => one.machine === machine).map(({ id }) => id);
      return `Machine of ${ids.join(', ')}: ${machine}\n`;
    })
    .join('\n');
};

const marksTable = (marks: readonly { id: string; title: string; mark: Mark }[]): string =>
  table(
    ['', 'case', 'what', 'aim', 'reached', ''],
    marks.map(({ id, title, mark }) => [id, title, mark.text, mark.aim, mark.reached, mark.isMet ? 'met' : 'missed']),
  );

const scenarioText = ({ id, title, date, cases, failure }: ScenarioResult): string => {
  const parts = [`## ${id}: ${title}\n\n${date}\n`, ...cases.map((one) => caseText(one))];
  if (failure) parts.push(`It could not be finished: ${failure}\n`);
  return parts.join('\n');
};

/** One case: a table of who took what, and what is to be known about it. */
export const caseText = (result: CaseResult): string => {
  const { title, unit, size, rows, notes } = result;
  const observed = [...new Set(rows.flatMap((row) => Object.keys(row.observed)))];
  const full = Math.max(...rows.map(({ items }) => items));
  const floor = rowOf(result, 'floor');
  const ratio = (row: Row): string =>
    floor ? `${(fullSeconds(row, full) / fullSeconds(floor, full)).toFixed(2)}x` : '';
  const lines = rows.map((row) => [
    runnerTitles[row.runner],
    row.size === size
      ? `${row.seconds.toFixed(3)} s`
      : `${row.seconds.toFixed(1)} s for ${row.size} of ${size} ${unit}`,
    ratio(row),
    `${row.cpuSeconds.toFixed(2)} s`,
    `${Math.round(row.peakMb)} MB`,
    String(row.rounds),
    ...observed.map((name) => showNumber(row.observed[name])),
  ]);
  const heads = ['', 'time', 'to the floor', 'CPU', 'peak memory', 'rounds', ...observed];
  const scaled = rows.some((row) => row.size !== size)
    ? `\nRatios of runs of less are those of their time for an item.\n`
    : '';
  return `### ${title}\n\n${table(heads, lines)}${scaled}${notes.map((note) => `\n- ${note}\n`).join('')}`;
};

const showNumber = (value: number | undefined): string =>
  value === undefined ? '' : Number.isInteger(value) ? String(value) : value.toFixed(3);

const table = (heads: readonly string[], lines: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`)
    .join('');
