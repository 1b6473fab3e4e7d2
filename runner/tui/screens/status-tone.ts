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
