import { hostname } from 'node:os';
import { type Drift, driftLines } from '../runs/drift.ts';
import type { RunState } from '../state/index.ts';
import { durationText } from '../timing/index.ts';
import type { HookEvent, Schedule } from '../types.ts';

/** What a hook is told of a run: as JSON, and in words. */
export interface HookReport {
  readonly event: HookEvent;
  readonly schedule: string;
  readonly description: string | undefined;
  readonly machine: string;
  readonly outcome: string;
  readonly reason: string;
  readonly attempt: number;
  /** The run's record: `muster history show` shows it. */
  readonly run: string | undefined;
  readonly playbooks: readonly string[];
  readonly check: boolean;
  readonly started: string;
  readonly ended: string;
  readonly seconds: number;
  readonly hosts: number;
  readonly changed: number;
  readonly failed: number;
  readonly unreachable: number;
  readonly message: string | undefined;
  /** What failed on which host. */
  readonly failures: readonly string[];
  /** With `report: drift`: what differs from the last report. */
  readonly drift: readonly Drift[] | undefined;
  /** All that in some lines for people. */
  readonly text: string;
}

/** The first line, by which people see what it is about. */
export const subjectOf = ({ schedule, outcome, event, drift, changed, check }: HookReport): string => {
  if (event !== 'change') return `${schedule}: ${outcome}`;
  if (drift)
    return `${schedule}: ${drift.length} ${drift.length === 1 ? 'task differs' : 'tasks differ'} from the last report`;
  return `${schedule}: ${changed} ${changed === 1 ? 'host' : 'hosts'} ${check ? 'would change' : 'changed'}`;
};

/** What hooks are told of a run that has ended. */
export const reportOf = (
  event: HookEvent,
  schedule: Schedule,
  run: RunState,
  details: { readonly failures: readonly string[]; readonly drifts: readonly Drift[] | undefined },
): HookReport => {
  const milliseconds = (run.endedAt ?? run.startedAt) - run.startedAt;
  const report: Omit<HookReport, 'text'> = {
    event,
    schedule: schedule.name,
    description: schedule.description,
    machine: hostname(),
    outcome: run.outcome ?? 'broken',
    reason: run.reason,
    attempt: run.attempt,
    run: run.record,
    playbooks: schedule.playbooks,
    check: schedule.check,
    started: new Date(run.startedAt).toISOString(),
    ended: new Date(run.endedAt ?? run.startedAt).toISOString(),
    seconds: milliseconds / 1000,
    hosts: run.hosts,
    changed: run.changed,
    failed: run.failed,
    unreachable: run.unreachable,
    message: run.message,
    failures: details.failures,
    drift: details.drifts,
  };
  return { ...report, text: textOf(report, milliseconds) };
};

const textOf = (report: Omit<HookReport, 'text'>, milliseconds: number): string => {
  const { hosts, changed, failed, unreachable, drift, failures, message, run } = report;
  const counts = [
    `${hosts} ${hosts === 1 ? 'host' : 'hosts'}`,
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unreachable > 0 ? [`${unreachable} unreachable`] : []),
  ];
  return [
    subjectOf({ ...report, text: '' }),
    `${report.playbooks.join(' ')} on ${report.machine}, ${counts.join(', ')}, ${durationText(milliseconds)}`,
    ...(message === undefined ? [] : [message]),
    ...(report.event === 'change' && drift ? driftLines(drift) : []),
    ...(report.event === 'failure' ? failures : []),
    ...(run === undefined ? [] : [`muster history show ${run}`]),
  ].join('\n');
};

/** The same for commands, as variables of their environment. */
export const environmentOf = (report: HookReport): Record<string, string> => ({
  MUSTER_EVENT: report.event,
  MUSTER_SCHEDULE: report.schedule,
  MUSTER_OUTCOME: report.outcome,
  MUSTER_RUN: report.run ?? '',
  MUSTER_HOSTS: String(report.hosts),
  MUSTER_CHANGED: String(report.changed),
  MUSTER_FAILED: String(report.failed),
  MUSTER_UNREACHABLE: String(report.unreachable),
});
