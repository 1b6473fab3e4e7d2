import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule, type Plan } from './define.ts';
import { ask, missingCommand, went } from './shared/ask.ts';
import { splitWords } from './shared/files/words.ts';
import {
  checkOrigin,
  type LogicalVolume,
  nameOfVolume,
  planSize,
  readLogicalVolumes,
  readVolumeGroup,
  type VolumeGroup,
} from './shared/storage/logical-volume.ts';
import { lvmFailure, quietLvm } from './shared/storage/lvm.ts';
import { parseVolumeSize, type VolumeSize } from './shared/storage/volume-size.ts';

interface State {
  readonly size: VolumeSize | undefined;
  /** Undefined when there is none. */
  readonly group: VolumeGroup | undefined;
  readonly volumes: readonly LogicalVolume[];
  readonly knowsYes: boolean;
}

interface Steps {
  readonly command: readonly string[] | undefined;
  readonly failure: string;
  readonly activate: boolean | undefined;
}

export default defineModule({
  name: 'community.general.lvol',
  summary: 'Makes, resizes and removes logical volumes of LVM.',
  args: {
    vg: { type: 'str', required: true, doc: 'The volume group.' },
    lv: { type: 'str', doc: 'The logical volume.' },
    size: {
      type: 'str',
      doc: 'Megabytes, or with a unit (10g), or a share of extents (50%FREE, 100%VG); with + or - in front, by how much it changes.',
    },
    opts: { type: 'str', doc: 'Further options for lvcreate.' },
    state: { type: 'str', choices: ['absent', 'present'], default: 'present', doc: 'Whether the volume is there.' },
    force: { type: 'bool', default: false, doc: 'Allow to shrink and remove, which can destroy data.' },
    shrink: { type: 'bool', default: true, doc: 'Shrink a volume that is larger than asked.' },
    active: { type: 'bool', default: true, doc: 'Whether a volume that was there is active.' },
    snapshot: { type: 'str', doc: 'The name of a snapshot of lv.' },
    pvs: { type: 'str', doc: 'The physical volumes to use, with commas between them.' },
    resizefs: { type: 'bool', default: false, doc: 'Resize the file system in it too.' },
    thinpool: { type: 'str', doc: 'A thin pool: the one that is meant without lv, or the one where lv lies.' },
  },
  requiredOneOf: [['lv', 'thinpool']],
  returns: {
    vg: 'The volume group, when the volume was there.',
    lv: 'The logical volume, when it was there.',
    size: 'Its size before, in the unit that was asked for.',
    msg: 'What was done.',
  },
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    const size = args.size ? parseVolumeSize(args.size) : undefined;
    const unit = size?.unit.toLowerCase() ?? 'm';
    const answers = await ask(
      context,
      {
        there: sh`command -v lvm`,
        group: sh`vgs --noheadings --nosuffix -o vg_name,size,free,vg_extent_size --units ${unit} --separator ';' ${args.vg}`,
        volumes: sh`lvs -a --noheadings --nosuffix -o lv_name,size,lv_attr --units ${unit} --separator ';' ${args.vg}`,
        version: sh`lvm version`,
      },
      { before: quietLvm },
    );
    if (!went(answers.there)) throw missingCommand('lvm');
    const failed = [answers.group!, answers.volumes!].find((answer) => !went(answer));
    if (failed && args.state === 'present') throw lvmFailure(`Volume group ${args.vg} does not exist.`, failed);
    const [, ...version] = /LVM version:\s+(\d+)\.(\d+)\.(\d+)/.exec(answers.version!.stdout) ?? [];
    if (version.length === 0) throw new ModuleFailure('Failed to get LVM version number');
    const [major = 0, minor = 0, patch = 0] = version.map(Number);
    return {
      size,
      group: failed ? undefined : readVolumeGroup(answers.group!.stdout),
      volumes: failed ? [] : readLogicalVolumes(answers.volumes!.stdout),
      knowsYes: (major * 1000 + minor) * 1000 + patch >= 2_002_099,
    };
  },

  diff: ({ size, group, volumes, knowsYes }, args): Plan<Steps> => {
    if (!group) return { changed: false, result: { stdout: `Volume group ${args.vg} does not exist.` } };
    checkOrigin(args, volumes);
    const name = nameOfVolume(args);
    const volume = volumes.find((other) => other.name === name || other.name === name.split('/').at(-1));
    if (args.state === 'absent') {
      if (!volume) return { changed: false, result: { msg: '' } };
      if (!args.force) {
        throw new ModuleFailure(`Sorry, no removal of logical volume ${volume.name} without force=true.`);
      }
      return {
        changed: true,
        steps: {
          command: ['lvremove', '--force', `${args.vg}/${volume.name}`],
          failure: `Failed to remove logical volume ${args.lv}`,
          activate: undefined,
        },
      };
    }
    if (!volume) {
      const command = creation(size, volumes, knowsYes, args);
      const failure = `Creating logical volume '${args.lv}' failed`;
      return { changed: true, result: { msg: '' }, steps: { command, failure, activate: undefined } };
    }
    const resize = size && planSize(size, volume, group, args);
    const activate = volume.isActive === args.active ? undefined : args.active;
    const pvs = devicesOf(args.pvs);
    const command = resize && [...resize, `${args.vg}/${volume.name}`, ...pvs];
    return {
      changed: command !== undefined || activate !== undefined,
      result: { vg: args.vg, lv: volume.name, size: volume.size },
      steps: { command, failure: `Unable to resize ${args.lv} to ${size?.text}`, activate },
    };
  },

  apply: async ({ steps }, args, context, { volumes }) => {
    const { command, failure, activate } = steps!;
    const volume = volumes.find(({ name }) => name === nameOfVolume(args).split('/').at(-1));
    const answers = await ask(
      context,
      {
        command: command && sh`${[...command]}`,
        activate: activate !== undefined && sh`lvchange ${activate ? '-ay' : '-an'} ${`${args.vg}/${volume!.name}`}`,
      },
      { before: quietLvm },
    );
    let isSame = false;
    if (answers.command) {
      const { stdout, stderr } = answers.command;
      // What lvm rounds to can be the size that the volume has.
      isSame = !went(answers.command) && /matches existing size|not larger than existing size/.test(stderr);
      if ((!went(answers.command) && !isSame) || stdout.includes('Reached maximum COW size')) {
        throw lvmFailure(failure, answers.command);
      }
    }
    if (answers.activate && !went(answers.activate)) {
      throw lvmFailure(`Failed to ${activate ? '' : 'de'}activate logical volume ${args.lv}`, answers.activate);
    }
    return isSame && activate === undefined ? { changed: false } : {};
  },
});

const devicesOf = (pvs: string | undefined): string[] => (pvs ?? '').split(/[\s,]+/).filter((device) => device !== '');

interface Arguments {
  readonly vg: string;
  readonly lv: string | undefined;
  readonly snapshot: string | undefined;
  readonly thinpool: string | undefined;
  readonly opts: string | undefined;
  readonly pvs: string | undefined;
}

/** The command that makes a volume, snapshot, thin pool or thin volume. */
const creation = (
  size: VolumeSize | undefined,
  volumes: readonly LogicalVolume[],
  knowsYes: boolean,
  { vg, lv, snapshot, thinpool, opts, pvs }: Arguments,
): string[] => {
  if (size?.operator === '-' || (size?.operator === '+' && size.whole !== undefined && size.whole !== 'FREE')) {
    throw new ModuleFailure(`Bad size specification of '${size.given}' for creating LV`);
  }
  const isThinSnapshot = snapshot !== undefined && volumes.some(({ name, isThin }) => name === lv && isThin);
  if (!size && !isThinSnapshot) throw new ModuleFailure('No size given.');
  const yes = knowsYes ? ['--yes'] : [];
  const options = splitWords(opts ?? '');
  const amount = size ? [size.option, size.text] : [];
  if (snapshot !== undefined) return ['lvcreate', ...yes, ...amount, '-s', '-n', snapshot, ...options, `${vg}/${lv}`];
  if (thinpool === undefined) {
    return ['lvcreate', ...yes, '-n', lv!, ...amount, ...options, vg, ...devicesOf(pvs)];
  }
  if (lv === undefined) return ['lvcreate', ...yes, ...amount, ...options, '-T', `${vg}/${thinpool}`];
  if (size!.option === '-l') throw new ModuleFailure('Thin volume sizing with percentage not supported.');
  return ['lvcreate', ...yes, '-n', lv, '-V', size!.text, ...options, '-T', `${vg}/${thinpool}`];
};
