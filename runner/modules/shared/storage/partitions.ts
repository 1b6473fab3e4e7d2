import { ModuleFailure } from '../../../errors/index.ts';
import { float, type Result, type ResultObject } from '../../../values/index.ts';

const decimalUnits: readonly string[] = ['B', 'KB', 'MB', 'GB', 'TB'];
const binaryUnits: readonly string[] = ['KiB', 'MiB', 'GiB', 'TiB'];

/** The units that parted is asked for numbers in. */
export const partedUnits = [
  's',
  'B',
  'KB',
  'KiB',
  'MB',
  'MiB',
  'GB',
  'GiB',
  'TB',
  'TiB',
  '%',
  'cyl',
  'chs',
  'compact',
] as const;

/** A place on a disk: a number, or a cylinder, head and sector. */
export type Place = number | { readonly cylinder: number; readonly head: number; readonly sector: number };

export interface Partition {
  readonly num: number;
  readonly begin: Place;
  readonly end: Place;
  readonly size: Place | '';
  readonly fstype: string;
  readonly name: string;
  readonly flags: readonly string[];
}

export interface Disk {
  readonly dev: string;
  readonly size: Place;
  readonly unit: string;
  readonly table: string;
  readonly model: string;
  readonly logicalBlock: number;
  readonly physicalBlock: number;
  readonly geometry: ResultObject | undefined;
  readonly partitions: readonly Partition[];
}

/** Reads `10MiB`, `50%` or `40,39,1`; `unit` is what a plain number counts in. */
export const parseSize = (text: string, unit = ''): { size: Place; unit: string } => {
  const [, number, own] = /^(-?[\d.]+) *([\w%]+)?$/.exec(text) ?? [];
  if (number !== undefined) return { size: Number(number), unit: own ?? unit };
  const [, cylinder, head, sector] = /^(\d+),(\d+),(\d+)$/.exec(text) ?? [];
  if (cylinder === undefined) throw new ModuleFailure(`Error interpreting parted size output: '${text}'`);
  return { size: { cylinder: Number(cylinder), head: Number(head), sector: Number(sector) }, unit: 'chs' };
};

/** Whole bytes, where a unit is one of bytes. */
export const bytesOf = (size: number, unit: string): number => {
  const decimal = decimalUnits.indexOf(unit);
  const binary = binaryUnits.indexOf(unit);
  const factor =
    decimal !== -1
      ? 1000 ** decimal
      : binary !== -1
        ? 1024 ** (binary + 1)
        : ['', 'compact', 'cyl', 'chs'].includes(unit)
          ? 1000 ** 2
          : 1;
  return Math.trunc(size * factor);
};

/** Reads what `parted -m` prints; undefined when it does not tell of a disk. */
export const readDisk = (output: string, asked: string): Disk | undefined => {
  const lines = output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.replace(/;+$/, '').split(':'));
  const general = lines[1];
  if (!general || general.length < 7) return undefined;
  const { size, unit } = parseSize(general[1]!, asked);
  const hasGeometry = unit === 'cyl' || unit === 'chs';
  return {
    dev: general[0]!,
    size,
    unit: unit.toLowerCase(),
    table: general[5]!,
    model: general[6]!,
    logicalBlock: Number(general[3]),
    physicalBlock: Number(general[4]),
    geometry: hasGeometry ? readGeometry(lines[2]!) : undefined,
    partitions: lines.slice(hasGeometry ? 3 : 2).map((fields) => readPartition(fields, unit === 'chs')),
  };
};

const readGeometry = ([cylinders, heads, sectors, cylinder = '']: readonly string[]): ResultObject => {
  const { size, unit } = parseSize(cylinder);
  return {
    cylinders: Number(cylinders),
    heads: Number(heads),
    sectors: Number(sectors),
    cyl_size: placeResult(size),
    cyl_size_unit: unit.toLowerCase(),
  };
};

const readPartition = (fields: readonly string[], isChs: boolean): Partition => {
  // With cylinders, heads and sectors there is no size.
  const [fstype = '', name = '', flags = ''] = fields.slice(isChs ? 3 : 4);
  return {
    num: Number(fields[0]),
    begin: parseSize(fields[1]!).size,
    end: parseSize(fields[2]!).size,
    size: isChs ? '' : parseSize(fields[3]!).size,
    fstype,
    name,
    flags: flags
      .split(', ')
      .map((flag) => flag.trim())
      .filter((flag) => flag !== ''),
  };
};

const placeResult = (place: Place | ''): Result => (typeof place === 'number' ? float(place) : place);

/** A disk as the module returns it. */
export const diskResult = (disk: Disk): ResultObject => ({
  disk: {
    dev: disk.dev,
    size: placeResult(disk.size),
    unit: disk.unit,
    table: disk.table,
    model: disk.model,
    logical_block: disk.logicalBlock,
    physical_block: disk.physicalBlock,
    ...(disk.geometry && { chs_info: disk.geometry }),
  },
  partitions: disk.partitions.map(({ num, begin, end, size, fstype, name, flags }) => ({
    num,
    begin: placeResult(begin),
    end: placeResult(end),
    size: placeResult(size),
    fstype,
    name,
    flags: [...flags],
    unit: disk.unit,
  })),
});
