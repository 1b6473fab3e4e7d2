import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config, loadConfig } from '../../config/index.ts';
import { openScheduleControl, type ScheduleControl } from '../../schedule/control.ts';
import type { Window } from '../../schedule/index.ts';

export interface FileOption {
  readonly file: string;
}

/** The configuration that holds in the folder of a schedules file, which is where its runs begin. */
export const configBeside = (file: string): Config => {
  let cwd = process.cwd();
  try {
    cwd = dirname(realpathSync(file));
  } catch {
    // Reading the file itself tells that it is not there.
  }
  return loadConfig({ cwd, warn: (message) => void process.stderr.write(`warning: ${message}\n`) });
};

/** Does something with the schedules of a file. */
export const withControl = async <T>(
  { file }: FileOption,
  work: (control: ScheduleControl, config: Config) => T,
): Promise<T> => {
  const config = configBeside(file);
  const control = await openScheduleControl({ file, state: config.scheduleState });
  try {
    return work(control, config);
  } finally {
    control.close();
  }
};

/** Day and time as the clocks of a zone show it. */
export const timeText = (time: number, timeZone: string | undefined): string => {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(time);
  const part = (type: string): string => parts.find((one) => one.type === type)!.value;
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
};

/** A time, or the two between which a run comes at random. */
export const windowText = ({ from, to }: Window, timeZone: string | undefined): string =>
  from === to
    ? timeText(from, timeZone)
    : `${timeText(from, timeZone)} to ${timeText(to, timeZone).slice(11)}, at random`;

/** Rows with their columns below each other. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
};
