import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { processStart } from '../../record/process-start.ts';

/** A process that no other one is taken for: numbers come again, and after a start of the machine so do their times. */
export interface ProcessIdentity {
  readonly machine: string;
  /** The kernel's name of this start of the machine. */
  readonly boot: string;
  readonly id: number;
  readonly start: string;
}

const bootId = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
};

/** The identity of a process of this machine, by default of this one. */
export const identify = (id: number = process.pid): ProcessIdentity => ({
  machine: hostname(),
  boot: bootId(),
  id,
  start: processStart(id) ?? '',
});

/** Whether the process goes on; undefined when it is one of another machine. */
export const isRunning = ({ machine, boot, id, start }: ProcessIdentity): boolean | undefined => {
  if (machine !== hostname()) return undefined;
  if (boot !== bootId()) return false;
  try {
    process.kill(id, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const known = processStart(id);
  return start === '' || known === undefined || known === start;
};
