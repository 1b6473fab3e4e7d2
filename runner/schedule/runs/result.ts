import type { HostStats } from '../../events/index.ts';
import { type RunRecord, readEvents, readRun, runIds, statsOf, timeOfRun } from '../../record/index.ts';
import type { ProcessIdentity, RunOutcome, RunResult } from '../state/index.ts';

// The clock may have been set between the start of a process and that of its record.
const slack = 120_000;
const mostFailures = 20;

/** The record that a process writes or wrote; undefined while it has not begun one. */
export const findRecord = (runs: string, child: ProcessIdentity, since: number): RunRecord | undefined => {
  for (const id of runIds(runs)) {
    if (timeOfRun(id) < since - slack) return undefined;
    const run = readRun(runs, id);
    const by = run.manifest?.process;
    if (by?.id === child.id && (by.startedAt ?? '') === child.start) return run;
  }
  return undefined;
};

/** How the run of a record went, in numbers of hosts. */
export const resultOf = async (run: RunRecord): Promise<RunResult> => {
  const stats = Object.values(await statsOf(run));
  const count = (counter: keyof HostStats): number => stats.filter((host) => host[counter] > 0).length;
  const { status, manifest } = run;
  const outcome: RunOutcome = status === 'running' ? 'broken' : status;
  return {
    outcome,
    exitCode: manifest?.exitCode,
    hosts: stats.length,
    changed: count('changed'),
    failed: count('failed'),
    unreachable: count('unreachable'),
    message: manifest?.error ?? (outcome === 'broken' ? 'the run broke off without a word' : undefined),
  };
};

/** What failed on which host, a line each. */
export const failuresOf = async (run: RunRecord): Promise<string[]> => {
  const names = new Map<string, string>();
  const lines: string[] = [];
  for await (const event of readEvents(run)) {
    if (event.type === 'task_started') names.set(event.task, event.name);
    if (event.type !== 'host_result' || event.ignored || event.rescued) continue;
    if (event.status !== 'failed' && event.status !== 'unreachable') continue;
    if (lines.length === mostFailures) return [...lines, '…'];
    const message = typeof event.result.msg === 'string' ? event.result.msg.split('\n')[0]! : event.status;
    lines.push(`${event.host}: ${names.get(event.task) ?? ''}: ${message}`);
  }
  return lines;
};
