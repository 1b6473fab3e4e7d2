import { ModuleFailure } from '../../../errors/index.ts';
import { readTable } from './lvm.ts';
import type { VolumeSize } from './volume-size.ts';

/** A volume group; sizes are in the unit that was asked for. */
export interface VolumeGroup {
  readonly size: number;
  readonly free: number;
  readonly extent: number;
}

export interface LogicalVolume {
  readonly name: string;
  readonly size: number;
  readonly isActive: boolean;
  readonly isThinPool: boolean;
  readonly isThin: boolean;
}

/** Reads vg_name,size,free,vg_extent_size of one group. */
export const readVolumeGroup = (text: string): VolumeGroup | undefined => {
  const [row] = readTable(text);
  return row && { size: Number(row[1]), free: Number(row[2]), extent: Number(row[3]) };
};

/** Reads lv_name,size,lv_attr. Hidden volumes have their names in brackets. */
export const readLogicalVolumes = (text: string): LogicalVolume[] =>
  readTable(text).map(([name = '', size, attributes = '']) => ({
    name: name.replace(/[[\]]/g, ''),
    size: Number(size),
    isActive: attributes[4] === 'a',
    isThinPool: attributes[0] === 't',
    isThin: attributes[0] === 'V',
  }));

interface Names {
  readonly vg: string;
  readonly lv: string | undefined;
  readonly snapshot: string | undefined;
  readonly thinpool: string | undefined;
}

/** The volume that a task is about. */
export const nameOfVolume = ({ lv, snapshot, thinpool }: Names): string => snapshot ?? lv ?? thinpool!;

/** Fails where the origin of a snapshot, or the pool of a thin volume, is not there or cannot be one. */
export const checkOrigin = ({ vg, lv, snapshot, thinpool }: Names, volumes: readonly LogicalVolume[]): void => {
  if (snapshot !== undefined) {
    const origin = volumes.find(({ name }) => name === lv || name === thinpool);
    if (!origin) throw new ModuleFailure(`Snapshot origin LV ${lv} does not exist in volume group ${vg}.`);
    if (origin.isThinPool || thinpool !== undefined) {
      throw new ModuleFailure('Snapshots of thin pool LVs are not supported.');
    }
  } else if (thinpool !== undefined && lv !== undefined && !volumes.some(({ name }) => name === thinpool)) {
    throw new ModuleFailure(`Thin pool LV ${thinpool} does not exist in volume group ${vg}.`);
  }
};

interface ResizeArguments {
  readonly shrink: boolean;
  readonly force: boolean;
  readonly resizefs: boolean;
}

/** The command, up to the volume's name, that gives a volume its size; undefined when it has it. */
export const planSize = (
  size: VolumeSize,
  volume: LogicalVolume,
  group: VolumeGroup,
  args: ResizeArguments,
): string[] | undefined => {
  const tool = size.whole === undefined ? byAmount(size, volume, group, args) : byShare(size, volume, group, args);
  if (!tool) return undefined;
  if (tool === 'lvreduce' && !args.force) {
    throw new ModuleFailure(`Sorry, no shrinking of ${volume.name} without force=true.`);
  }
  return [
    tool,
    ...(tool === 'lvreduce' ? ['--force'] : []),
    ...(args.resizefs ? ['--resizefs'] : []),
    size.option,
    (size.operator ?? '') + size.text,
  ];
};

type Tool = 'lvextend' | 'lvreduce' | undefined;

const byAmount = (
  { amount, operator }: VolumeSize,
  volume: LogicalVolume,
  { extent }: VolumeGroup,
  { shrink }: ResizeArguments,
): Tool => {
  if (operator === '+') return 'lvextend';
  // Volumes have whole extents, so that a smaller size may be what this one was made with.
  const rounded = extent > 0 ? Math.ceil(amount / extent - 1e-6) * extent : amount;
  if (operator === undefined && rounded > volume.size) return amount > volume.size ? 'lvextend' : undefined;
  const shrinks = operator === '-' || (shrink && rounded < volume.size);
  if (!shrinks) return undefined;
  if (amount === 0) throw new ModuleFailure(`Sorry, no shrinking of ${volume.name} to 0 permitted.`);
  return 'lvreduce';
};

const byShare = (
  { amount, operator, whole }: VolumeSize,
  volume: LogicalVolume,
  { size, free, extent }: VolumeGroup,
  { shrink }: ResizeArguments,
): Tool => {
  const share = (amount * (whole === 'FREE' ? free : size)) / 100;
  const exact = operator === '+' ? volume.size + share : operator === '-' ? volume.size - share : share;
  const wanted = exact - (exact % extent);
  if (wanted > volume.size) {
    if (free > 0 && free >= wanted - volume.size) return 'lvextend';
    throw new ModuleFailure(
      `Logical Volume ${volume.name} could not be extended. Not enough free space left (${wanted - volume.size}m required / ${free}m available)`,
    );
  }
  // Less than an extent too large is the tools' rounding.
  if (!shrink || volume.size <= wanted + extent) return undefined;
  if (wanted < 1) throw new ModuleFailure(`Sorry, no shrinking of ${volume.name} to 0 permitted.`);
  return 'lvreduce';
};
