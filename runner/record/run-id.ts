// Digits and letters without those that look alike, in an order that sorts as text does.
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const length = 7;
const start = Date.UTC(2025, 0, 1);
const step = 100;

/** A run's name: the time of its start in tenths of a second, short enough to be typed. Names sort by time. */
export const runId = (time: number): string => {
  let rest = Math.max(0, Math.floor((time - start) / step));
  let id = '';
  for (let place = 0; place < length; place++) {
    id = digits[rest % digits.length]! + id;
    rest = Math.floor(rest / digits.length);
  }
  return id;
};

/** When a run of this name began, in milliseconds since 1970. */
export const timeOfRun = (id: string): number =>
  [...id].reduce((sum, digit) => sum * digits.length + digits.indexOf(digit), 0) * step + start;

/** The name that follows, for two runs that begin at the same time. */
export const nextRunId = (id: string): string => runId(timeOfRun(id) + step);

/** Whether a text has the form of a run's name. */
export const isRunId = (text: string): boolean =>
  text.length === length && [...text].every((digit) => digits.includes(digit));
