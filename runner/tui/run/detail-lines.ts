import type { ErrorDetails, HostResult, ItemResult } from '../../events/index.ts';
import { diffText } from '../../output/diff-text.ts';
import { durationText } from '../../output/duration-text.ts';
import { failureLines, resultLines } from '../../output/reason.ts';
import { safeText } from '../../output/safe-text.ts';
import type { Screen } from '../../output/screen.ts';
import type { JsonObject } from '../../values/index.ts';
import { type Line, lineOf, span, type Tone } from '../text/line.ts';
import { nearPath } from '../text/near-path.ts';
import { cell, cellNames, cellTones } from './cell.ts';
import type { Position } from './find-cells.ts';
import { cellKey, type RunState } from './run-state.ts';
import { type DetailTab, detailTabs, type RunUi } from './run-ui.ts';

/** What is known of the task and host under the cursor. */
export const detailLines = (run: RunState, focus: Position, ui: RunUi): readonly Line[] => {
  if (ui.tab === 'notes') return noteLines(run);
  if (ui.tab === 'variables') return variableLines(run, focus, ui);
  if (run.tasks.length === 0 || run.hosts.length === 0) return [];
  const key = cellKey(focus.host, focus.task);
  if (ui.tab === 'output') return outputLines(run, key);
  const kept = run.results.get(key);
  if (!kept?.result) return [lineOf(absentText(run, focus), 'faint')];
  const outcomes = [...kept.items, kept.result];
  return outcomes.flatMap((outcome) => cached(outcome, ui.tab));
};

/** The host and task under the cursor in one line, and which views of them there are. */
export const detailHeading = (run: RunState, focus: Position, ui: RunUi): Line[] => {
  const task = run.tasks[focus.task];
  const host = run.hosts[focus.host];
  const kind = task && host !== undefined ? run.matrix.get(focus.host, focus.task) : cell.none;
  const time = kind === cell.none ? 0 : run.matrix.duration(focus.host, focus.task);
  const tabs = detailTabs.flatMap((tab) => [
    span(
      tab === ui.tab ? `[${tab}]` : ` ${tab} `,
      tab === ui.tab ? 'strong' : 'faint',
      tab === ui.tab && ui.pane === 'detail',
    ),
    span(' '),
  ]);
  return [
    [
      span(host ?? '', 'strong'),
      span(' '),
      span(kind === cell.none ? 'not run' : cellNames[kind]!, cellTones[kind]),
      span(time > 0 ? ` ${durationText(time)}` : ''),
      span('  '),
      span(task?.name ?? '', 'strong'),
      span(task?.module ? `  ${task.module}` : '', 'faint'),
      span(task?.path ? `  ${nearPath(task.path)}` : '', 'faint'),
    ],
    tabs,
  ];
};

const absentText = (run: RunState, { host, task }: Position): string => {
  const kind = run.matrix.get(host, task);
  if (kind === cell.none) return 'this host has not run the task';
  if (kind === cell.running || kind === cell.waiting) return 'the task still runs';
  return 'this result is no longer held in memory; the record of the run has it';
};

/** What a command writes while it runs, and once it has ended what it said. */
const outputLines = (run: RunState, key: number): readonly Line[] => {
  const live = run.output.get(key);
  const kept = run.results.get(key);
  const lines = live.map(({ stream, text }) => lineOf(text, stream === 'stderr' ? 'changed' : 'plain'));
  const outcomes: (HostResult | ItemResult)[] = [...(kept?.items ?? []), ...(kept?.result ? [kept.result] : [])];
  return [...lines, ...outcomes.flatMap((outcome) => cached(outcome, live.length > 0 ? 'ending' : 'output'))];
};

type Kind = DetailTab | 'ending';
const known = new WeakMap<HostResult | ItemResult, Map<Kind, readonly Line[]>>();

/** The lines of a result; it never changes, so they are made once. */
const cached = (outcome: HostResult | ItemResult, kind: Kind): readonly Line[] => {
  const kinds = known.get(outcome) ?? new Map<Kind, readonly Line[]>();
  known.set(outcome, kinds);
  const lines = kinds.get(kind) ?? [...labelLines(outcome), ...linesOf(outcome, kind)];
  kinds.set(kind, lines);
  return lines;
};

const labelLines = (outcome: HostResult | ItemResult): Line[] =>
  outcome.type === 'item_result'
    ? [[span(`item ${outcome.label} `, 'strong'), span(outcome.status, toneOf(outcome))]]
    : [];

const toneOf = ({ status }: HostResult | ItemResult): Tone | undefined => cellTones[cell[status]];

const linesOf = (outcome: HostResult | ItemResult, kind: Kind): Line[] => {
  const { result, status, details } = outcome;
  if (kind === 'diff') return diffLines(result);
  if (kind === 'result') return resultLines(result, 3).map((text) => lineOf(text));
  if (status === 'failed' || status === 'unreachable') return failure(result, details);
  if (status === 'skipped') return [lineOf(outcome.reason ?? 'skipped: its conditions do not hold', 'faint')];
  if (kind === 'ending') return [];
  if (outcome.type === 'host_result' && outcome.isLoop) return [];
  const said = ['stdout', 'stderr', 'msg'].flatMap((name) => textLines(result, name));
  return said.length > 0 ? said : resultLines(result, 0).map((text) => lineOf(text));
};

const failure = (result: JsonObject, details: readonly ErrorDetails[] | undefined): Line[] =>
  failureLines(result, details, 3).map((text, index) => lineOf(text, index === 0 ? 'failed' : 'plain'));

const textLines = (result: JsonObject, name: string): Line[] => {
  const text = result[name];
  if (typeof text !== 'string' || text.trim() === '') return [];
  return safeText(text)
    .trimEnd()
    .split('\n')
    .map((line) => lineOf(line, name === 'stderr' ? 'changed' : 'plain'));
};

const plainScreen = { hasColor: false } as Screen;

const diffLines = (result: JsonObject): Line[] => {
  if (result.diff === undefined) return [lineOf('no diff; runs with --diff have them', 'faint')];
  return safeText(diffText(result.diff, plainScreen))
    .trimEnd()
    .split('\n')
    .map((line) =>
      lineOf(
        line,
        line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : line.startsWith('@@') ? 'hunk' : 'plain',
      ),
    );
};

const variableLines = (run: RunState, focus: Position, { variables }: RunUi): Line[] => {
  if (variables === undefined || variables.host !== run.hosts[focus.host]) {
    return [lineOf('the variables of a run are known where it was started; records do not hold them', 'faint')];
  }
  return variables.rows.map((row) => [
    span(row.name, row.isHidden ? 'faint' : 'strong'),
    span(` = ${row.value}`, row.isHidden ? 'faint' : 'plain'),
    span(`  ${row.level}${row.place === undefined ? '' : ` ${row.place}`}`, 'faint'),
  ]);
};

const noteLines = ({ notes }: RunState): Line[] =>
  notes.length === 0
    ? [lineOf('no warnings', 'faint')]
    : notes.flatMap(({ kind, text }) =>
        safeText(text)
          .split('\n')
          .map((line, index) =>
            lineOf(index === 0 ? `${kind}: ${line}` : `  ${line}`, kind === 'error' ? 'failed' : 'changed'),
          ),
      );
