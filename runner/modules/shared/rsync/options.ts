import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ArgumentsOf } from '../../arguments.ts';

const ofArchive = 'Otherwise what archive says.';

/** The arguments of synchronize. */
export const synchronizeArguments = {
  src: { type: 'str', required: true, doc: 'What is copied: on the controller with push, on the target with pull.' },
  dest: { type: 'str', required: true, doc: 'Where it goes: on the target with push, on the controller with pull.' },
  mode: { type: 'str', choices: ['pull', 'push'], default: 'push', doc: 'The direction.' },
  archive: {
    type: 'bool',
    default: true,
    doc: 'All below folders, with links, permissions, times, owner, group and devices.',
  },
  checksum: { type: 'bool', default: false, doc: 'Compare content, rather than size and time.' },
  compress: { type: 'bool', default: true, doc: 'Compress what is sent.' },
  existing_only: { type: 'bool', default: false, doc: 'Make no new files.' },
  delete: { type: 'bool', default: false, doc: 'Remove files in dest that are not in src, after the transfer.' },
  dirs: { type: 'bool', default: false, doc: 'Folders, without what is in them.' },
  recursive: { type: 'bool', doc: `All that is below folders. ${ofArchive}` },
  links: { type: 'bool', doc: `Symbolic links as such. ${ofArchive}` },
  copy_links: { type: 'bool', default: false, doc: 'What symbolic links lead to, in their place.' },
  perms: { type: 'bool', doc: `Permissions. ${ofArchive}` },
  times: { type: 'bool', doc: `Times of modification. ${ofArchive}` },
  owner: { type: 'bool', doc: `Owners. ${ofArchive}` },
  group: { type: 'bool', doc: `Groups. ${ofArchive}` },
  partial: { type: 'bool', default: false, doc: 'Keep files that arrived in part.' },
  delay_updates: { type: 'bool', default: true, doc: 'Put all files in place at the end.' },
  rsync_path: { type: 'str', doc: "The rsync on the other side, such as 'sudo rsync'." },
  rsync_timeout: { type: 'int', default: 0, doc: 'Seconds without progress after which rsync gives up; 0 is never.' },
  rsync_opts: { type: 'list', elements: 'str', default: [], doc: 'Further options for rsync.' },
  link_dest: { type: 'list', elements: 'str', doc: 'Folders: files that are the same there become hard links.' },
  dest_port: { type: 'int', doc: 'The port of ssh, where rsync runs on a delegate and connects by itself.' },
  private_key: { type: 'path', doc: 'The private key for ssh, where rsync runs on a delegate.' },
  set_remote_user: { type: 'bool', default: true, doc: 'Name the user to ssh, where rsync runs on a delegate.' },
  use_ssh_args: {
    type: 'bool',
    default: false,
    doc: "Give ssh the host's ssh arguments, where rsync runs on a delegate.",
  },
  ssh_connection_multiplexing: {
    type: 'bool',
    default: false,
    doc: 'Let ssh share connections, where rsync runs on a delegate.',
  },
  verify_host: { type: 'bool', default: false, doc: "Check the host's key, where rsync runs on a delegate." },
} as const;

export type SynchronizeArguments = ArgumentsOf<typeof synchronizeArguments>;

/** Stands in front of each line that rsync writes about a file. */
export const changedMarker = '<<CHANGED>>';

/** Whether rsync told of a change. */
export const isChange = (output: string, { link_dest: links }: Pick<SynchronizeArguments, 'link_dest'>): boolean =>
  // Of files that it links rsync says nothing but a dot for what is the same.
  links && links.length > 0 ? !output.includes(`${changedMarker}.`) : output.includes(changedMarker);

/** The options for rsync, without places and remote shell. */
export const rsyncOptions = (args: SynchronizeArguments, isCheck: boolean): string[] => {
  const given = (isGiven: boolean | undefined, ...options: string[]): string[] => (isGiven ? options : []);
  const parts = ['recursive', 'links', 'perms', 'times', 'owner', 'group'] as const;
  return [
    ...given(args.delay_updates, '--delay-updates', '-F'),
    ...given(args.compress, '--compress'),
    ...given(args.rsync_timeout > 0, `--timeout=${args.rsync_timeout}`),
    ...given(isCheck, '--dry-run'),
    ...given(args.delete, '--delete-after'),
    ...given(args.existing_only, '--existing'),
    ...given(args.checksum, '--checksum'),
    ...given(args.copy_links, '--copy-links'),
    ...given(args.archive, '--archive'),
    ...parts.flatMap((part) => {
      if (args.archive) return args[part] === false ? [`--no-${part}`] : [];
      return args[part] ? [`--${part}`] : [];
    }),
    ...given(args.dirs, '--dirs'),
    ...given(args.rsync_path !== undefined, `--rsync-path=${args.rsync_path}`),
    ...args.rsync_opts,
    ...given(args.partial, '--partial'),
    ...linkOptions(args),
    `--out-format=${changedMarker}%i %n%L`,
  ];
};

const linkOptions = ({ link_dest: links, dest }: SynchronizeArguments): string[] => {
  if (!links || links.length === 0) return [];
  const folder = resolve(dirname(dest));
  const paths = links.map((link) => resolve(link.replace(/^~(?=\/|$)/, homedir())));
  if (paths.some((path) => folder.startsWith(path))) {
    throw new ModuleFailure(
      `Hardlinking into a subdirectory of the source would cause recursion. ${folder} and ${dest}`,
    );
  }
  // Only with -v does rsync tell of files that it linked.
  return ['-H', '-vv', ...paths.map((path) => `--link-dest=${path}`)];
};
