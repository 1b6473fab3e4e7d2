import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labDirectory, stateDirectory } from '../places.ts';
import type { ProcessRecord } from '../record.ts';
import type { Origin } from './origin.ts';

/** Everything that was made, or is about to be made, for a virtual machine. */
export interface VmRecord {
  readonly name: string;
  /** Its address in the private network. */
  readonly address: string;
  readonly directory: string;
  /** On this machine's loopback: where its sshd is reached. */
  readonly port: number;
  process: ProcessRecord | undefined;
}

/** Everything that was made for some machines, written before each step. */
export interface VmsRecord {
  readonly name: string;
  /** The kept machines that these go on from. */
  readonly origin: Origin;
  /** The ends of the cable between the first two, as ports of this machine's loopback. */
  readonly cable: readonly [number, number];
  readonly machines: VmRecord[];
}

const recordFile = (name: string): string => join(labDirectory(name), 'vm.json');

export const writeVms = (record: VmsRecord): void => {
  mkdirSync(labDirectory(record.name), { recursive: true, mode: 0o755 });
  const file = recordFile(record.name);
  writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
};

export const readVms = (name: string): VmsRecord | undefined => {
  try {
    return JSON.parse(readFileSync(recordFile(name), 'utf8')) as VmsRecord;
  } catch {
    return undefined;
  }
};

/** The names of all labs of virtual machines that are there. */
export const vmsNames = (): string[] => {
  try {
    return readdirSync(stateDirectory()).filter((name) => readVms(name) !== undefined);
  } catch {
    return [];
  }
};
