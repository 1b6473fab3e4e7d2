import { durationText } from '../../output/duration-text.ts';
import { type Line, type Span, span } from '../text/line.ts';
import { type Cell, cell, cellNames, cellTones } from './cell.ts';
import type { RunState } from './run-state.ts';

/** How a run stands, as far as its control knows: it does not come by events. */
export type RunPhase = 'starting' | 'running' | 'paused' | 'stopping' | 'ended' | 'replay';

const counted: readonly Cell[] = [
  cell.ok,
  cell.changed,
  cell.failed,
  cell.unreachable,
  cell.skipped,
  cell.ignored,
  cell.rescued,
  cell.running,
  cell.waiting,
];

/** Two lines on how the run stands: where it is, and what came of it so far. */
export const headLines = (run: RunState, phase: RunPhase, now: number): Line[] => {
  const play = run.plays.at(-1);
  const name = run.playbooks.map((path) => path.replace(/^.*\//, '')).join(' ') || 'run';
  const elapsed =
    run.startedAt === undefined ? 0 : (phase === 'ended' || phase === 'replay' ? run.time : now) - run.startedAt;
  const where: Span[] = [
    span(name, 'strong'),
    span(run.check ? ' (check)' : ''),
    span(`  ${phaseText(run, phase)}`, phaseTone(run, phase)),
    span(`  ${durationText(elapsed)}`),
    ...(play
      ? [span(`  play ${run.plays.length}/${Math.max(run.plannedPlays, run.plays.length)} `, 'faint'), span(play.name)]
      : []),
    span(`  task ${run.tasks.length} `, 'faint'),
    span(run.tasks.at(-1)?.name ?? ''),
  ];
  const counts = counted.flatMap((kind) => {
    const count = run.matrix.total(kind);
    const isUsual = kind === cell.ok || kind === cell.changed || kind === cell.failed;
    return count > 0 || isUsual ? [span(`  ${cellNames[kind]} ${count}`, count > 0 ? cellTones[kind] : 'faint')] : [];
  });
  const hosts = `${run.hosts.length} ${run.hosts.length === 1 ? 'host' : 'hosts'}`;
  const lost = run.lostHosts > 0 ? [span(`, ${run.lostHosts} failed`, 'failed')] : [];
  return [where, [span(hosts), ...lost, ...counts]];
};

const phaseText = (run: RunState, phase: RunPhase): string => {
  if (phase !== 'ended') return phase;
  return run.exitCode === 0
    ? 'ended well'
    : run.exitCode === undefined
      ? 'broke off'
      : `ended, exit code ${run.exitCode}`;
};

const phaseTone = (run: RunState, phase: RunPhase): Span['tone'] => {
  if (phase === 'ended') return run.exitCode === 0 ? 'ok' : 'failed';
  return phase === 'paused' || phase === 'stopping' ? 'changed' : 'running';
};
