import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule, type ModuleContext, type Plan } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { type Answer, ask, missingCommand, went } from './shared/ask.ts';
import { bytesOf, type Disk, diskResult, parseSize, partedUnits, readDisk } from './shared/storage/partitions.ts';

/** What is told to parted, command by command. */
interface Steps {
  readonly words: readonly string[];
}

export default defineModule({
  name: 'community.general.parted',
  summary: 'Makes, changes and removes partitions of disks.',
  args: {
    device: { type: 'str', required: true, doc: 'The disk.' },
    align: {
      type: 'str',
      default: 'optimal',
      choices: ['cylinder', 'minimal', 'none', 'optimal', 'undefined'],
      doc: 'How new partitions are aligned.',
    },
    number: { type: 'int', doc: 'The number of the partition.' },
    unit: { type: 'str', default: 'KiB', choices: partedUnits, doc: 'The unit of numbers, given and returned.' },
    label: {
      type: 'str',
      default: 'msdos',
      choices: ['aix', 'amiga', 'bsd', 'dvh', 'gpt', 'loop', 'mac', 'msdos', 'pc98', 'sun'],
      doc: 'The kind of partition table; a disk with another one gets a new one, without its partitions.',
    },
    part_type: {
      type: 'str',
      default: 'primary',
      choices: ['extended', 'logical', 'primary'],
      doc: 'The type of the partition, for msdos and dvh; for gpt it becomes the name.',
    },
    part_start: { type: 'str', default: '0%', doc: 'Where it starts, with a unit; negative: from the end.' },
    part_end: { type: 'str', default: '100%', doc: 'Where it ends, with a unit; negative: from the end.' },
    fs_type: { type: 'str', doc: 'The file system that it is meant for; none is made.' },
    name: { type: 'str', doc: 'The name of the partition, for gpt, mac and pc98.' },
    flags: { type: 'list', elements: 'str', doc: 'The flags that are on; all others are off.' },
    state: {
      type: 'str',
      choices: ['absent', 'info', 'present'],
      default: 'info',
      doc: 'Whether the partition is there; info only tells of the disk.',
    },
    resize: { type: 'bool', default: false, doc: 'Let a partition that is there end at part_end.' },
  },
  requiredIf: [
    ['state', 'present', ['number']],
    ['state', 'absent', ['number']],
  ],
  returns: {
    disk: 'The disk: dev, size, unit, table, model, logical_block, physical_block.',
    partitions: 'Its partitions: num, begin, end, size, fstype, name, flags, unit.',
    script: 'What was told to parted.',
  },
  supports: { check: 'full', diff: false },

  probe: (args, context): Promise<Disk> => {
    if (args.number !== undefined && args.number < 1) {
      throw new ModuleFailure('The partition number must be greater than 0.');
    }
    for (const name of ['part_start', 'part_end'] as const) {
      if (partedUnits.includes(parseSize(args[name]).unit as (typeof partedUnits)[number])) continue;
      throw new ModuleFailure(
        `The argument '${name}' doesn't respect required format. It needs one of these units, in this case: ${partedUnits.join(', ')}`,
      );
    }
    return readDevice(args, context);
  },

  diff: (disk, args): Plan<Steps> => {
    const there = disk.partitions.some(({ num }) => num === args.number);
    if (args.state === 'info') {
      return { changed: false, result: { ...diskResult(disk), script: `unit '${args.unit}' print` } };
    }
    if (args.state === 'absent') {
      const script = `rm ${args.number}`;
      return {
        changed: there,
        result: { ...diskResult(disk), script: there ? script : '' },
        steps: { words: script.split(' ') },
      };
    }
    const words = [...layout(disk, args), ...(there && disk.table === args.label ? properties(disk, args) : [])];
    const script = words.length > 0 ? ['unit', args.unit, ...words].join(' ') : '';
    return { changed: words.length > 0, result: { ...diskResult(disk), script }, steps: { words: layout(disk, args) } };
  },

  apply: async ({ steps }, args, context) => {
    const script: string[] = [];
    const execute = async (words: readonly string[]): Promise<Disk> => {
      const told = args.state === 'absent' ? words : ['unit', args.unit, ...words];
      script.push(...told);
      const align = args.align === 'undefined' ? [] : ['-a', args.align];
      const answers = await ask(
        context,
        { act: sh`parted -s -m ${[...align, args.device, '--', ...told]}`, print: printCommand(args) },
        { stopAtFailure: true },
      );
      if (!went(answers.act)) throw partedFailure(`Error while running parted script: ${told.join(' ')}`, answers.act!);
      return checkDisk(answers.print!, args);
    };
    let disk: Disk | undefined;
    if (steps!.words.length > 0) disk = await execute(steps!.words);
    if (args.state === 'present') {
      disk ??= await readDevice(args, context);
      // Only now it is known what parted gave the partition by itself.
      const words = properties(disk, args);
      if (words.length > 0) disk = await execute(words);
    }
    return { ...diskResult(disk!), script: script.join(' ') };
  },
});

interface Arguments {
  readonly device: string;
  readonly unit: string;
  readonly number: number | undefined;
  readonly label: string;
  readonly part_type: string;
  readonly part_start: string;
  readonly part_end: string;
  readonly fs_type: string | undefined;
  readonly name: string | undefined;
  readonly flags: readonly string[] | undefined;
  readonly resize: boolean;
}

const printCommand = ({ device, unit }: Pick<Arguments, 'device' | 'unit'>) =>
  sh`parted -s -m ${device} -- unit ${unit} print`;

const readDevice = async (args: Pick<Arguments, 'device' | 'unit'>, context: ModuleContext): Promise<Disk> => {
  const { there, print } = await ask(context, { there: sh`command -v parted`, print: printCommand(args) });
  if (!went(there)) throw missingCommand('parted');
  return checkDisk(print!, args);
};

/** A disk without a partition table is told of all the same, with an exit code of 1. */
const checkDisk = (print: Answer, { device, unit }: Pick<Arguments, 'device' | 'unit'>): Disk => {
  const disk = went(print) || /unrecognised disk label/i.test(print.stderr) ? readDisk(print.stdout, unit) : undefined;
  if (!disk) throw partedFailure(`Error while getting device information of ${device} with parted`, print);
  return disk;
};

const partedFailure = (message: string, answer: Answer): ModuleFailure => {
  const { stdout, stderr } = answer;
  return commandFailure(answer, `${message}: ${stderr.trim() || stdout.trim()}`, { out: stdout, err: stderr });
};

/** The commands that make the table and the partition, or let it end elsewhere. */
const layout = (disk: Disk, args: Arguments): string[] => {
  const words: string[] = [];
  const isOther = disk.table !== args.label;
  const partition = disk.partitions.find(({ num }) => num === args.number);
  if (isOther) words.push('mklabel', args.label);
  if (isOther || !partition) {
    const type = args.fs_type === undefined ? [] : [args.fs_type];
    words.push('mkpart', args.part_type, ...type, args.part_start, args.part_end);
  }
  if (args.resize && partition && typeof partition.end === 'number') {
    const { size, unit } = parseSize(args.part_end, args.unit);
    const wanted =
      unit === '%'
        ? bytesOf(Math.trunc((Math.trunc(disk.size as number) * (size as number)) / 100), args.unit)
        : bytesOf(size as number, unit);
    if (bytesOf(partition.end, args.unit) !== wanted) words.push('resizepart', String(args.number), args.part_end);
  }
  return words;
};

/** The commands that give a partition its name and flags. */
const properties = ({ partitions }: Disk, { number, name, flags }: Arguments): string[] => {
  const partition = partitions.find(({ num }) => num === number);
  if (!partition) return [];
  const words: string[] = [];
  // parted takes the quotes off.
  if (name !== undefined && partition.name !== name) words.push('name', String(number), `"${name}"`);
  if (flags && flags.length > 0) {
    const wanted = new Set(flags);
    if (wanted.has('esp')) wanted.add('boot');
    for (const flag of wanted) if (!partition.flags.includes(flag)) words.push('set', String(number), flag, 'on');
    for (const flag of partition.flags) if (!wanted.has(flag)) words.push('set', String(number), flag, 'off');
  }
  return words;
};
