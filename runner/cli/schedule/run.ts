import { findSchedule } from '../../schedule/control.ts';
import type { RunState } from '../../schedule/index.ts';
import { openContext } from '../../schedule/open-context.ts';
import { runByHand, signalChild } from '../../schedule/runs/index.ts';
import { loadSchedules } from '../../schedule/source/index.ts';
import { configBeside, type FileOption } from './open.ts';

/** Runs a schedule at once, and waits for its end. The exit code is that of the run. */
export const scheduleRun = async (
  name: string,
  options: FileOption & { readonly quiet?: boolean },
): Promise<number> => {
  const schedules = loadSchedules(options.file);
  const config = configBeside(schedules.file);
  const schedule = findSchedule(schedules, name);
  process.chdir(schedules.folder);
  const say = (text: string): void => {
    if (!options.quiet) process.stderr.write(`${text}\n`);
  };
  const context = await openContext(schedules, {
    config,
    showsRuns: !options.quiet,
    log: (level, event, fields) => {
      if (level !== 'info') say(`${level}: ${event.replaceAll('_', ' ')}${fields?.reason ? `: ${fields.reason}` : ''}`);
    },
  });
  let isStopping = false;
  const stop = (): void => {
    const active = context.store.active(name);
    // What a second interrupt means is the run's to know.
    if (isStopping && active?.child) signalChild(active.child, 'SIGINT');
    else if (active) context.store.setStopReason(active.id, 'stopping');
    isStopping = true;
    context.stopping.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const run = await runByHand(context, schedule);
    if (!options.quiet) process.stdout.write(`${summaryOf(run)}\n`);
    return exitCodeOf(run);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    context.store.close();
  }
};

const summaryOf = (run: RunState): string => {
  const counts = (['changed', 'failed', 'unreachable'] as const)
    .filter((counter) => run[counter] > 0)
    .map((counter) => `, ${run[counter]} ${counter}`);
  const details =
    run.outcome === 'skipped' ? '' : `: ${run.hosts} ${run.hosts === 1 ? 'host' : 'hosts'}${counts.join('')}`;
  const shown = run.record === undefined ? '' : `\n'muster history show ${run.record}' shows it`;
  return `${run.name}: ${run.outcome}${details}${shown}`;
};

const exitCodeOf = ({ outcome, exitCode }: RunState): number => (outcome === 'ok' ? 0 : exitCode || 1);
