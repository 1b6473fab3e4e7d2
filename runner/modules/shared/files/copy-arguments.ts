import type { ArgumentsOf } from '../../arguments.ts';
import { fileArguments } from './common-arguments.ts';

/** The arguments of copy. */
export const copyArguments = {
  src: {
    type: 'path',
    doc: 'The file or folder to copy: on the controller, searched in `files/` folders, or on the target with remote_src. Of a folder with a slash at its end, the inside is copied.',
  },
  content: {
    type: 'raw',
    doc: 'The content itself, instead of src. A mapping or list is written as JSON.',
  },
  dest: {
    type: 'path',
    required: true,
    whenMissing: 'dest is required',
    doc: 'Where on the target. With a slash at its end it is a folder, which is made where it is missing.',
  },
  backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one, with the time in its name.' },
  force: {
    type: 'bool',
    default: true,
    doc: 'Replace a file whose content differs; otherwise only missing files are copied.',
  },
  validate: {
    type: 'str',
    doc: 'A command that must succeed on the new file before it takes its place; %s stands for the file.',
  },
  directory_mode: { type: 'raw', doc: 'The mode of folders that are made.' },
  remote_src: { type: 'bool', default: false, doc: 'src is on the target already.' },
  local_follow: {
    type: 'bool',
    doc: 'Copy what links inside of src lead to, rather than the links. True unless told, but within the target.',
  },
  checksum: { type: 'str', doc: 'The SHA1 checksum that src must have.' },
  follow: { type: 'bool', default: false, doc: 'Where dest is a link, write what it leads to.' },
  decrypt: { type: 'bool', default: true, doc: 'Decrypt src where it is a vault file.' },
  ...fileArguments,
  mode: {
    type: 'raw',
    doc: 'Permissions as an octal number (quote it: "0644") or in symbols (u=rw,g-w,o+X), or preserve for those of src.',
  },
} as const;

export type CopyArguments = ArgumentsOf<typeof copyArguments>;
