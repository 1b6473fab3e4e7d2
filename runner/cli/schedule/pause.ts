import { type FileOption, withControl } from './open.ts';

/** Pauses schedules, or lets them run again. */
export const schedulePause = (names: readonly string[], isPaused: boolean, options: FileOption): Promise<void> =>
  withControl(options, (control) => {
    // All names are looked at before the first is changed.
    for (const name of names) control.next(name, 1);
    for (const name of names) {
      if (isPaused) control.pause(name);
      else control.resume(name);
      process.stdout.write(`${name} is ${isPaused ? 'paused' : 'resumed'}\n`);
    }
  });
