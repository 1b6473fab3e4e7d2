import type { Tone } from '../text/line.ts';

/** How a run's status looks. */
export const statusTone = (status: string | undefined): Tone => {
  switch (status) {
    case 'ok':
      return 'ok';
    case 'running':
      return 'running';
    case 'unreachable':
      return 'unreachable';
    case undefined:
      return 'faint';
  }
  return status === 'interrupted' || status === 'paused' || status === 'waiting' ? 'changed' : 'failed';
};

/** Day and time on this machine's clock. */
export const timeText = (time: number): string => {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)}`;
};
