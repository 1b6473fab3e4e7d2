import { existsSync } from 'node:fs';
import type { Config } from '../../config/index.ts';
import type { ScheduleControl } from '../../schedule/index.ts';
import type { ScheduleRow, ScheduleSource } from '../../tui/sources/schedules.ts';

/** The schedules of the working directory; none where it has no file of them. */
export const scheduleSource = (config: Config, file = 'schedules.yml'): ScheduleSource => {
  /** Opened for each look: the file may change, and daemons write what is known of runs. */
  const open = async <T>(work: (control: ScheduleControl) => T): Promise<T | undefined> => {
    if (!existsSync(file)) return undefined;
    const { openScheduleControl } = await import('../../schedule/index.ts');
    const control = await openScheduleControl({ file, state: config.scheduleState });
    try {
      return work(control);
    } finally {
      control.close();
    }
  };
  return {
    list: async () => (await open((control) => control.list().map(rowOf))) ?? [],
    runNow: async (name) => void (await open((control) => control.runNow(name))),
    pause: async (name) => void (await open((control) => control.pause(name))),
    resume: async (name) => void (await open((control) => control.resume(name))),
  };
};

const rowOf = (row: ReturnType<ScheduleControl['list']>[number]): ScheduleRow => ({
  name: row.name,
  schedule: row.schedule,
  lastRun: row.lastRun?.startedAt,
  lastStatus: row.lastRun?.outcome,
  nextRun: row.nextAt,
  state: row.state,
  playbook: row.playbooks.join(' '),
  isPaused: row.state === 'paused',
  lastId: row.running?.record ?? row.lastRun?.record,
});
