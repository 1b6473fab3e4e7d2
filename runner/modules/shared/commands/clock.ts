import type { Target } from '../../../connection/index.ts';

/** What a target's clock showed at one moment. */
interface Reading {
  /** Seconds since 1970 of the target's clock when its uptime was 0. */
  readonly bootTime: number;
  /** The target's distance from UTC, in seconds. */
  readonly offset: number;
}

const readings = new WeakMap<object, Reading>();

const placeOf = (target: Target): object => target.place ?? target;

/** Whether the target has yet to be asked for its time; later times follow from its uptime, which costs no process. */
export const needsClock = (target: Target): boolean => !readings.has(placeOf(target));

/** Takes in what `date '+%s.%N %z'` answered when the target's uptime was `uptime`. */
export const learnClock = (target: Target, uptime: number, answer: string): void => {
  const match = /^(\d+)(?:\.(\d+))?\D* ([+-])(\d\d)(\d\d)/.exec(answer);
  if (!match) return;
  const [, seconds, fraction = '0', sign, hours, minutes] = match;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60);
  readings.set(placeOf(target), { bootTime: Number(`${seconds}.${fraction}`) - uptime, offset });
};

/** The start, end and delta of a command, in Ansible's formats and the target's time zone. */
export const commandTimes = (
  target: Target,
  from: number,
  to: number,
): { start: string; end: string; delta: string } => {
  const { bootTime, offset } = readings.get(placeOf(target)) ?? { bootTime: 0, offset: 0 };
  return {
    start: formatTime(bootTime + from + offset),
    end: formatTime(bootTime + to + offset),
    delta: formatDelta(to - from),
  };
};

const formatTime = (seconds: number): string => {
  const micros = Math.round(seconds * 1e6);
  const whole = new Date(Math.floor(micros / 1e6) * 1000).toISOString();
  return `${whole.slice(0, 10)} ${whole.slice(11, 19)}.${pad(micros % 1e6, 6)}`;
};

/** Python's str() of a timedelta that is not negative. */
export const formatDelta = (seconds: number): string => {
  const micros = Math.max(0, Math.round(seconds * 1e6));
  const whole = Math.floor(micros / 1e6);
  const days = Math.floor(whole / 86_400);
  const rest = whole % 86_400;
  const clock = `${Math.floor(rest / 3600)}:${pad(Math.floor(rest / 60) % 60, 2)}:${pad(rest % 60, 2)}`;
  const fraction = micros % 1e6 === 0 ? '' : `.${pad(micros % 1e6, 6)}`;
  return `${days === 0 ? '' : days === 1 ? '1 day, ' : `${days} days, `}${clock}${fraction}`;
};

const pad = (value: number, width: number): string => String(value).padStart(width, '0');
