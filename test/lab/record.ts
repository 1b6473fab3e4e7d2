import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labDirectory, stateDirectory } from './places.ts';

export type HostKind = 'debian' | 'busybox' | 'managers';

/** A process that is recognised later even when its number has been used again. */
export interface ProcessRecord {
  readonly pid: number;
  /** Clock ticks from the machine's boot to its start. */
  readonly started: string;
}

/** Everything that was made, or is about to be made, for a host. */
export interface HostRecord {
  readonly name: string;
  readonly address: string;
  readonly directory: string;
  readonly namespace: string;
  /** The end of its network cable at this machine. */
  readonly link: string;
  readonly cgroups: readonly string[];
  /** The scope that it runs in, where the machine runs systemd. */
  readonly scope: string | undefined;
  process: ProcessRecord | undefined;
  /** Paths of this machine that it sees too. */
  readonly shared?: readonly string[];
}

/** Everything that was made for a lab. It is written before each step, so that it can be undone after a crash too. */
export interface LabRecord {
  readonly name: string;
  readonly kind: HostKind;
  readonly base: string;
  readonly bridge: string;
  /** The first three numbers of its addresses. */
  readonly subnet: string;
  readonly hosts: HostRecord[];
}

const recordFile = (name: string): string => join(labDirectory(name), 'lab.json');

export const writeRecord = (record: LabRecord): void => {
  mkdirSync(labDirectory(record.name), { recursive: true, mode: 0o755 });
  const file = recordFile(record.name);
  writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
};

export const readRecord = (name: string): LabRecord | undefined => {
  try {
    return JSON.parse(readFileSync(recordFile(name), 'utf8')) as LabRecord;
  } catch {
    return undefined;
  }
};

/** The names of all labs that are there. */
export const labNames = (): string[] => {
  try {
    return readdirSync(stateDirectory()).filter((name) => readRecord(name) !== undefined);
  } catch {
    return [];
  }
};

/** When a process started, in the form that /proc has it; undefined when there is none of this number. */
export const startOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
};

export const isRunning = (process: ProcessRecord | undefined): boolean =>
  process !== undefined && startOf(process.pid) === process.started;
