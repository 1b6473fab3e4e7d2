import { columns, type FileOption, windowText, withControl } from './open.ts';

/** Writes the next runs of one schedule or of all, in order. */
export const scheduleNext = (
  name: string | undefined,
  options: FileOption & { readonly number: number },
): Promise<void> =>
  withControl(options, (control) => {
    const all = control.schedules.schedules;
    // Who asks for one wants to know when it would run, paused or not.
    const running = control.list().filter(({ state }) => state !== 'paused');
    const chosen = name === undefined ? running.map((one) => one.name) : [name];
    const found = chosen.flatMap((one) => {
      const timeZone = all.find((schedule) => schedule.name === one)?.timeZone;
      return control.next(one, options.number).map((window) => ({ name: one, timeZone, window }));
    });
    const first = found
      .sort((left, right) => left.window.from - right.window.from || left.name.localeCompare(right.name))
      .slice(0, options.number);
    if (first.length === 0) process.stderr.write('nothing is going to run\n');
    else process.stdout.write(columns(first.map((one) => [windowText(one.window, one.timeZone), one.name])));
  });
