import { ModuleFailure } from '../../../errors/index.ts';

/** A size as users give it for a logical volume. */
export interface VolumeSize {
  readonly given: string;
  readonly operator: '+' | '-' | undefined;
  /** The number in front of the unit or per cent sign. */
  readonly amount: number;
  /** What the percentage is of. */
  readonly whole: 'VG' | 'PVS' | 'FREE' | undefined;
  /** LVM's letter of the unit that sizes are compared in. */
  readonly unit: string;
  /** How LVM's tools are told: the option and its value, without an operator. */
  readonly option: '-L' | '-l';
  readonly text: string;
}

/** Reads `10g`, `+512`, `-10%FREE`. Throws ModuleFailure for what is no size. */
export const parseVolumeSize = (given: string): VolumeSize => {
  const operator = given.startsWith('+') ? '+' : given.startsWith('-') ? '-' : undefined;
  const size = operator ? given.slice(1) : given;
  if (size.includes('%')) {
    const [, percent, whole] = /^\s*(\d+)%(.*)$/.exec(size) ?? [];
    if (percent === undefined) throw new ModuleFailure(`Bad size specification of '${size}'`);
    if (Number(percent) > 100) throw new ModuleFailure('Size percentage cannot be larger than 100%');
    if (whole === 'ORIGIN') throw new ModuleFailure('Snapshot Volumes are not supported');
    if (whole !== 'VG' && whole !== 'PVS' && whole !== 'FREE') {
      throw new ModuleFailure('Specify extents as a percentage of VG|PVS|FREE');
    }
    return { given, operator, amount: Number(percent), whole, unit: 'm', option: '-l', text: size };
  }
  const [, amount, unit = 'm'] = /^(\d+\.?\d*)([bskmgtpe])?$/i.exec(size) ?? [];
  if (amount === undefined) throw new ModuleFailure(`Bad size specification of '${size}'`);
  return { given, operator, amount: Number(amount), whole: undefined, unit, option: '-L', text: amount + unit };
};
