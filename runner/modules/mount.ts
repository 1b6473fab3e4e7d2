import { quote, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { type Answer, ask, went } from './shared/ask.ts';
import { pathWord } from './shared/files/paths.ts';
import { backupFile, rewriteFile } from './shared/rewrite.ts';
import { type FstabEntry, type MountedOn, readMountinfo, withEntry, withoutEntry } from './shared/services/fstab.ts';

interface State {
  readonly fstab: string;
  readonly isMounted: boolean;
  /** What is mounted on the path, by the kernel's list. */
  readonly mounted: MountedOn | undefined;
  /** The device that is really mounted there, by `mount`. */
  readonly devices: readonly string[];
  readonly exists: boolean;
}

interface Steps {
  readonly fstab: string | undefined;
  readonly act: 'mount' | 'umount' | 'remount' | undefined;
  readonly makeFolder: boolean;
  readonly removeFolder: boolean;
}

export default defineModule({
  name: 'ansible.posix.mount',
  summary: 'Manages mounts and their entries in fstab.',
  args: {
    path: { type: 'path', required: true, aliases: ['name'], doc: 'The mount point.' },
    src: { type: 'path', doc: 'What is mounted: a device, LABEL= or UUID=, or a share.' },
    fstype: { type: 'str', doc: 'The type of the file system.' },
    opts: { type: 'str', doc: 'Mount options.' },
    opts_no_log: { type: 'bool', default: false, doc: 'The options are secret.' },
    dump: { type: 'str', default: '0', doc: 'The fifth field of fstab.' },
    passno: { type: 'str', default: '0', doc: 'The sixth field of fstab.' },
    state: {
      type: 'str',
      required: true,
      choices: ['absent', 'absent_from_fstab', 'mounted', 'present', 'unmounted', 'remounted', 'ephemeral'],
      doc: 'mounted: in fstab and mounted; present and absent_from_fstab: fstab only; unmounted, remounted, ephemeral: mounts only; absent: neither, and the folder goes.',
    },
    fstab: { type: 'str', doc: 'A file in place of /etc/fstab.' },
    boot: { type: 'bool', default: true, doc: 'Mount it at boot; otherwise it gets the option noauto.' },
    backup: { type: 'bool', default: false, doc: 'Keep a copy of fstab before a change.' },
  },
  requiredIf: [
    ['state', 'mounted', ['src', 'fstype']],
    ['state', 'present', ['src', 'fstype']],
    ['state', 'ephemeral', ['src', 'fstype']],
  ],
  returns: {
    name: 'The mount point.',
    src: 'What is mounted.',
    fstype: 'The type of the file system.',
    opts: 'Mount options.',
    dump: 'The fifth field of fstab.',
    passno: 'The sixth field of fstab.',
    fstab: 'The file.',
    boot: 'yes or no: whether it is mounted at boot.',
    backup_file: 'The copy of fstab, when one was asked for.',
  },
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    const opts = (args.opts ?? 'defaults').split(',');
    if (args.opts_no_log && args.opts !== undefined) context.controller.addSecret(args.opts);
    if (args.boot && opts.includes('noauto')) context.warn("Ignore the 'boot' due to 'opts' contains 'noauto'.");
    const answers = await ask(context, {
      fstab: args.state !== 'ephemeral' && sh`m_fstab=${fstabFile(args)}\n[ ! -e "$m_fstab" ] || cat "$m_fstab"`,
      path: sh`m_path=${pathWord(args.path)}\nprintf '%s\n' "$m_path"\n[ -e "$m_path" ] || [ -L "$m_path" ] || exit 1`,
      // Another device than that of the folder above it, or the root.
      point: sh`m_path=${pathWord(args.path)}\n[ -d "$m_path" ] && [ ! -L "$m_path" ] && stat -c '%d %i' "$m_path" "$m_path/.."`,
      mounts: sh`cat /proc/self/mountinfo`,
      devices: args.state === 'ephemeral' && sh`mount`,
    });
    if (answers.fstab && !went(answers.fstab)) {
      throw new ModuleFailure(`Failed to open ${args.fstab ?? '/etc/fstab'} due to ${answers.fstab.stderr}`);
    }
    const path = answers.path!.stdout.split('\n')[0]!;
    const mounted = readMountinfo(answers.mounts?.stdout ?? '').get(path);
    return {
      fstab: answers.fstab?.stdout ?? '',
      isMounted: isMountPoint(answers.point),
      mounted,
      devices: (answers.devices?.stdout ?? '')
        .split('\n')
        .map((line) => line.split(' '))
        .filter((fields) => fields[2] === path)
        .map((fields) => fields[0]!),
      exists: went(answers.path),
    };
  },

  diff: (state, args) => {
    const entry = entryOf(args);
    const result = {
      name: args.path,
      src: args.src,
      fstype: args.fstype,
      opts: entry.opts,
      dump: args.dump,
      passno: args.passno,
      fstab: args.fstab ?? '/etc/fstab',
      boot: noAuto(args) ? 'no' : 'yes',
      backup_file: '',
    };
    return { ...decide(state, args, entry), result };
  },

  apply: async ({ steps }, args, context, state) => {
    const { fstab, act, makeFolder, removeFolder } = steps!;
    const file = sh`m_fstab=${fstabFile(args)}\nm_path=${pathWord(args.path)}\n`;
    const write = (content: string): Script =>
      sh`${file}case $m_fstab in */*) mkdir -p "\${m_fstab%/*}";; esac\n${rewriteFile(sh`"$m_fstab"`, content)}`;
    const undo =
      act === 'mount' || act === 'remount'
        ? sh` || { m_failed=$?; ${fstab === undefined ? sh`:` : sh`(${write(state.fstab)})`}; ${makeFolder ? sh`rmdir -p "$m_path" 2>/dev/null` : sh`:`}; exit $m_failed; }`
        : sh``;
    const answers: Readonly<Record<string, Answer | undefined>> = await ask<string>(
      context,
      {
        backup: fstab !== undefined && args.backup && sh`${file}${backupFile(sh`"$m_fstab"`)}`,
        folder: makeFolder && sh`${file}mkdir -p "$m_path"`,
        fstab: fstab !== undefined && write(fstab),
        act: act && sh`${file}${actCommand(act, args)}${undo}`,
        remove: removeFolder && sh`${file}[ ! -e "$m_path" ] || rmdir "$m_path"`,
      },
      { stopAtFailure: true },
    );
    const failed = (name: string, said: string): void => {
      const answer = answers[name];
      if (!answer || went(answer)) return;
      throw commandFailure(answer, `${said} ${args.path}: ${answer.stdout}${answer.stderr}`, {
        ...(name === 'act' && { cmd: shownCommand(act!, args) }),
      });
    };
    failed('backup', 'Error backing up for');
    failed('folder', 'Error making dir');
    failed('fstab', 'Error writing fstab for');
    if (act === 'remount' && isForOnce(args) && !went(answers.act)) throw new ModuleFailure(cannotRemount);
    failed(
      'act',
      act === 'umount' ? 'Error unmounting' : args.state === 'remounted' ? 'Error remounting' : 'Error mounting',
    );
    failed('remove', 'Error rmdir');
    return { backup_file: answers.backup?.stdout.trim() ?? '' };
  },
});

interface Arguments {
  readonly path: string;
  readonly src: string | undefined;
  readonly fstype: string | undefined;
  readonly opts: string | undefined;
  readonly dump: string;
  readonly passno: string;
  readonly state: 'absent' | 'absent_from_fstab' | 'mounted' | 'present' | 'unmounted' | 'remounted' | 'ephemeral';
  readonly fstab: string | undefined;
  readonly boot: boolean;
}

const fstabFile = ({ fstab }: Arguments): Script => pathWord(fstab ?? '/etc/fstab');

/** Whether the option is added that keeps it from being mounted at boot. */
const noAuto = ({ boot }: Arguments): boolean => !boot;

const entryOf = (args: Arguments): FstabEntry => {
  const opts = args.opts ?? 'defaults';
  return {
    src: args.src ?? '',
    name: args.path,
    fstype: args.fstype ?? '',
    opts: noAuto(args) ? `${opts},noauto` : opts,
    dump: args.dump,
    passno: args.passno,
  };
};

const isMountPoint = (point: Answer | undefined): boolean => {
  if (!went(point)) return false;
  const [own, above] = point!.stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  return above !== undefined && (own![0] !== above[0] || own![1] === above[1]);
};

const differentSource =
  'Ephemeral mount point is already mounted with a different source than the specified one. Failing in order to prevent an unwanted unmount or override operation. Try replacing this command with a "state: unmounted" followed by a "state: ephemeral", or use a different destination path.';

const cannotRemount =
  'Options were specified with remounted, but the remount command failed. Failing in order to prevent an unexpected mount result. Try replacing this command with a "state: unmounted" followed by a "state: mounted" using the full desired mount options instead.';

/** Options of a remount that are not those of fstab. */
const isForOnce = (args: Arguments): boolean => args.state === 'remounted' && entryOf(args).opts !== 'defaults';

const decide = (state: State, args: Arguments, entry: FstabEntry): { changed: boolean; steps: Steps } => {
  const nothing: Steps = { fstab: undefined, act: undefined, makeFolder: false, removeFolder: false };
  const isSomething = state.isMounted || state.mounted !== undefined;
  const isThis = state.isMounted || state.mounted?.src === args.src;
  switch (args.state) {
    case 'present': {
      const { text, changed } = withEntry(state.fstab, entry);
      return { changed, steps: { ...nothing, fstab: changed ? text : undefined } };
    }
    case 'absent':
    case 'absent_from_fstab': {
      const { text, changed } = withoutEntry(state.fstab, args.path, args.src);
      const all = changed && args.state === 'absent';
      return {
        changed,
        steps: {
          ...nothing,
          fstab: changed ? text : undefined,
          act: all && isSomething ? 'umount' : undefined,
          removeFolder: all,
        },
      };
    }
    case 'unmounted':
      return { changed: isSomething, steps: { ...nothing, act: isSomething ? 'umount' : undefined } };
    case 'remounted':
      return { changed: true, steps: { ...nothing, act: 'remount' } };
    case 'mounted': {
      const { text, changed } = withEntry(state.fstab, entry);
      const act = isThis ? (changed ? 'remount' : undefined) : 'mount';
      return {
        changed: changed || act !== undefined,
        steps: { ...nothing, fstab: changed ? text : undefined, act, makeFolder: !state.exists },
      };
    }
    case 'ephemeral': {
      const isSame = state.mounted?.src === args.src || state.devices.includes(args.src ?? '');
      if (isThis && !isSame) throw new ModuleFailure(differentSource);
      return { changed: true, steps: { ...nothing, act: isThis ? 'remount' : 'mount', makeFolder: !state.exists } };
    }
  }
};

/** The command, with the paths as they were given. */
const shownCommand = (act: NonNullable<Steps['act']>, args: Arguments): string =>
  actCommand(act, args)
    .text.replaceAll('"$m_path"', quote(args.path))
    .replaceAll('"$m_fstab"', quote(args.fstab ?? '/etc/fstab'));

const actCommand = (act: NonNullable<Steps['act']>, args: Arguments): Script => {
  if (act === 'umount') return sh`umount "$m_path"`;
  const isOther = args.fstab !== undefined && args.fstab !== '/etc/fstab' && args.state !== 'ephemeral';
  const table = isOther ? sh`-T "$m_fstab" ` : sh``;
  const { opts } = entryOf(args);
  const options = opts === 'defaults' ? sh`` : sh`-o ${opts} `;
  const ephemeral = args.state === 'ephemeral' ? sh`-t ${args.fstype} ${options}${args.src} ` : sh``;
  if (act === 'mount') return sh`mount ${table}${ephemeral}"$m_path"`;
  // Some file systems cannot be remounted; those are unmounted and mounted, unless the options are for this once.
  const given = isForOnce(args);
  const remount = sh`mount -o ${given ? `remount,${opts}` : 'remount'} ${table}${ephemeral}"$m_path"`;
  if (given) return remount;
  return sh`${remount} 2>/dev/null || { umount "$m_path" && mount ${table}${ephemeral}"$m_path"; }`;
};
