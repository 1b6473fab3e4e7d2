import type { Registry } from 'prom-client';
import type { ScheduleContext } from '../context.ts';
import { rowOf } from '../rows.ts';

const bad = new Set(['failed', 'unreachable', 'error', 'timeout', 'broken']);

/** Makes what is told to Prometheus, from what is known of schedules at that moment: so it outlives the daemon. */
export const createMetrics = async (
  contextNow: () => ScheduleContext,
): Promise<{ text(): Promise<string>; type: string }> => {
  const { Counter, Gauge, Registry } = await import('prom-client');
  const registry: Registry = new Registry();
  const schedule = ['schedule'] as const;
  const prefix = 'muster_schedule';
  const common = { registers: [registry] };
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `${prefix}_${name}`, help, labelNames, ...common });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge({ name: `${prefix}_${name}`, help, labelNames, ...common });
  const runs = counter('runs_total', 'Runs that ended, and those left out, by how.', ['schedule', 'outcome']);
  const failures = counter('failures_total', 'Runs that did not end well.', schedule);
  const seconds = counter('run_seconds_total', 'How long all runs took together.', schedule);
  const lastSeconds = gauge('last_run_seconds', 'How long the last run took.', schedule);
  const lastTime = gauge('last_run_timestamp_seconds', 'When the last run ended.', schedule);
  const successTime = gauge('last_success_timestamp_seconds', 'When the last run that went well ended.', schedule);
  const nextTime = gauge('next_run_timestamp_seconds', 'When the next run begins.', schedule);
  const hosts = gauge('last_run_hosts', 'Hosts of the last run: all, changed, failed, unreachable.', [
    'schedule',
    'result',
  ]);
  const running = gauge('running', 'Whether a run goes on.', schedule);
  const paused = gauge('paused', 'Whether the schedule is paused.', schedule);
  const text = (): Promise<string> => {
    const { schedules, store, clock } = contextNow();
    registry.resetMetrics();
    const names = new Set(schedules.schedules.map(({ name }) => name));
    for (const { name, outcome, runs: count, milliseconds } of store.totals()) {
      if (!names.has(name)) continue;
      runs.inc({ schedule: name, outcome }, count);
      failures.inc({ schedule: name }, bad.has(outcome) ? count : 0);
      seconds.inc({ schedule: name }, milliseconds / 1000);
    }
    for (const one of schedules.schedules) {
      const label = { schedule: one.name };
      const row = rowOf(one, store, clock.now());
      running.set(label, row.running ? 1 : 0);
      paused.set(label, row.state === 'paused' ? 1 : 0);
      if (row.nextAt !== undefined) nextTime.set(label, row.nextAt / 1000);
      const success = store.lastSuccess(one.name)?.endedAt;
      if (success !== undefined) successTime.set(label, success / 1000);
      const { lastRun } = row;
      if (!lastRun) continue;
      lastTime.set(label, lastRun.endedAt! / 1000);
      lastSeconds.set(label, (lastRun.endedAt! - lastRun.startedAt) / 1000);
      hosts.set({ ...label, result: 'all' }, lastRun.hosts);
      for (const result of ['changed', 'failed', 'unreachable'] as const)
        hosts.set({ ...label, result }, lastRun[result]);
    }
    return registry.metrics();
  };
  return { text, type: registry.contentType };
};
