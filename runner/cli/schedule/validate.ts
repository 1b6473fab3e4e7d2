import { SourceError } from '../../errors/index.ts';
import { findMissingFiles, loadSchedules } from '../../schedule/source/index.ts';
import type { FileOption } from './open.ts';

/** Checks a schedules file. Throws a SourceError with every mistake. */
export const scheduleValidate = ({ file }: FileOption): void => {
  const schedules = loadSchedules(file);
  const problems = findMissingFiles(schedules);
  if (problems.length > 0) throw new SourceError(problems);
  for (const { name, timing } of schedules.schedules) {
    if (timing.next(Date.now(), undefined) === undefined)
      process.stdout.write(`'${name}' never runs by itself: ${timing.text}\n`);
  }
  const { length } = schedules.schedules;
  process.stdout.write(`${file}: ${length} ${length === 1 ? 'schedule' : 'schedules'}, no mistakes\n`);
};
