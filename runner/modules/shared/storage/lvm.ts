import { raw } from '../../../connection/index.ts';
import type { ModuleFailure } from '../../../errors/index.ts';
import { commandFailure } from '../answers.ts';
import type { Answer } from '../ask.ts';

/** LVM's tools complain about every open file of the shell that they do not know. */
export const quietLvm = raw('LVM_SUPPRESS_FD_WARNINGS=1; export LVM_SUPPRESS_FD_WARNINGS');

/** The rows of what LVM's tools print with `--separator ';'`. */
export const readTable = (text: string): string[][] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(';'));

export interface PhysicalVolume {
  readonly name: string;
  /** The group that it belongs to, or ''. */
  readonly group: string;
  /** Bytes of the device that it does not use. */
  readonly spare: number;
  /** The size of the group's extents. */
  readonly extent: number;
}

/** Reads pv_name,vg_name,dev_size,pv_size,pe_start,vg_extent_size, in bytes. */
export const readPhysicalVolumes = (text: string): PhysicalVolume[] =>
  readTable(text).map(([name = '', group = '', device, size, start, extent]) => ({
    name,
    group,
    spare: Number(device) - Number(start) - Number(size),
    extent: Number(extent),
  }));

/** The failure of one of LVM's tools, with what it said in `err`; `cmd` tells a script's command. */
export const lvmFailure = (message: string, answer: Answer, cmd?: string): ModuleFailure => {
  const { stderr } = answer;
  return commandFailure(answer, stderr.trim() === '' ? message : `${message} ${stderr.trim()}`, {
    err: stderr,
    ...(cmd !== undefined && { cmd }),
  });
};
