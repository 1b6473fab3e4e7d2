import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule, type Plan } from './define.ts';
import { mustGo } from './shared/answers.ts';
import { ask, missingCommand, went } from './shared/ask.ts';
import { pathWord } from './shared/files/paths.ts';
import { splitWords } from './shared/files/words.ts';
import { fileSystems, kindOf, mountOf } from './shared/storage/file-systems.ts';
import { quietLvm } from './shared/storage/lvm.ts';

interface State {
  readonly path: string;
  readonly exists: boolean;
  /** What is on the device, as blkid calls it; '' for nothing. */
  readonly found: string;
  readonly mount: string;
  /** Bytes of the device, when it may have to grow. */
  readonly deviceSize: number;
  /** Bytes of the file system on it, then. */
  readonly size: number;
}

type Steps = 'create' | 'grow' | 'wipe';

export default defineModule({
  name: 'community.general.filesystem',
  summary: 'Makes file systems.',
  args: {
    state: { type: 'str', choices: ['present', 'absent'], default: 'present', doc: 'absent wipes what is there.' },
    fstype: {
      type: 'str',
      aliases: ['type'],
      choices: [
        'btrfs',
        'ext2',
        'ext3',
        'ext4',
        'ext4dev',
        'f2fs',
        'lvm',
        'ocfs2',
        'reiserfs',
        'swap',
        'ufs',
        'vfat',
        'xfs',
      ],
      doc: 'The kind of file system; lvm makes it a physical volume.',
    },
    dev: { type: 'path', required: true, aliases: ['device'], doc: 'The device, or a regular file.' },
    opts: { type: 'str', doc: 'Further options for mkfs.' },
    force: { type: 'bool', default: false, doc: 'Make it even where there is one already, which destroys that.' },
    resizefs: { type: 'bool', default: false, doc: 'Let one that is there grow into all of the device.' },
  },
  requiredIf: [['state', 'present', ['fstype']]],
  returns: { msg: 'What was done, or what the tool said.' },
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    const kind = args.fstype && fileSystems[args.fstype];
    const grows = args.resizefs && args.state === 'present';
    const device = sh`m_dev=${pathWord(args.dev)}`;
    const answers = await ask(
      context,
      {
        path: sh`${device}; printf '%s' "$m_dev"; [ -e "$m_dev" ]`,
        // busybox's blkid knows no options.
        found: sh`${device}; command -v blkid >/dev/null || exit 127
m_type=$(blkid -c /dev/null -o value -s TYPE "$m_dev" 2>/dev/null) || m_type=
case $m_type in *TYPE=*) m_type=$(printf '%s' "$m_type" | sed -n 's/.* TYPE="\\([^"]*\\)".*/\\1/p');; esac
printf '%s' "$m_type"`,
        mount: sh`${device}; ${mountOf} "$m_dev"`,
        deviceSize:
          grows &&
          sh`${device}; if [ -b "$m_dev" ]; then blockdev --getsize64 "$m_dev"; else stat -L -c %s "$m_dev"; fi`,
        size: grows && kind?.size && sh`${device}; m_mount=$(${mountOf} "$m_dev"); ${kind.size.command}`,
      },
      { before: quietLvm },
    );
    const path = answers.path!.stdout;
    const exists = went(answers.path);
    if (!exists && args.state === 'present') throw new ModuleFailure(`Device ${path} not found.`);
    if (answers.found!.code === 127) throw missingCommand('blkid');
    const found = answers.found!.stdout.trim();
    const state = { path, exists, found, mount: answers.mount!.stdout.trim(), deviceSize: 0, size: 0 };
    if (!grows || !kind || found === '' || kindOf(found) !== kind) return state;
    if (!kind.size) throw new ModuleFailure(`module does not support resizing ${args.fstype} filesystem yet.`);
    if (kind.growsMounted && state.mount === '') {
      throw new ModuleFailure(`${path} needs to be mounted for ${kind.name} operations`);
    }
    mustGo(answers.deviceSize);
    mustGo(answers.size);
    const size = kind.size.read(answers.size!.stdout);
    if (size === undefined) throw new ModuleFailure(`unable to process the size of the ${kind.name} on ${path}`);
    return { ...state, deviceSize: Number(answers.deviceSize!.stdout), size };
  },

  diff: ({ path, exists, found, deviceSize, size }, args): Plan<Steps> => {
    if (args.state === 'absent') {
      if (!exists) return { changed: false, result: { msg: `Device ${path} not found.` } };
      return { changed: found !== '', steps: 'wipe' };
    }
    const kind = fileSystems[args.fstype!]!;
    const isSame = found !== '' && kindOf(found) === kind;
    if (isSame && args.resizefs) {
      if (size >= deviceSize) {
        return { changed: false, result: { msg: `${kind.name} filesystem is using the whole device ${path}` } };
      }
      return { changed: true, result: { msg: `resizing filesystem ${kind.name} on device ${path}` }, steps: 'grow' };
    }
    if (isSame && !args.force) return { changed: false };
    if (found !== '' && !args.force) {
      throw new ModuleFailure(`'${path}' is already used as ${found}, use force=true to overwrite`);
    }
    return { changed: true, steps: 'create' };
  },

  apply: async ({ steps }, args, context, { path, mount }) => {
    const kind = args.fstype && fileSystems[args.fstype];
    const { act } = await ask(
      context,
      {
        act:
          steps === 'wipe' || !kind
            ? sh`wipefs --all ${path}`
            : steps === 'grow'
              ? sh`${kind.grow!} ${kind.growsMounted ? mount : path}`
              : sh`${kind.make} ${splitWords(args.opts ?? '')} ${path}`,
      },
      { before: quietLvm },
    );
    mustGo(act);
    return steps === 'grow' ? { msg: act!.stdout } : {};
  },
});
