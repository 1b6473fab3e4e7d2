import type { ArgumentsOf } from '../../arguments.ts';

/** The arguments that every module has which writes a file: who owns it, its mode, attributes and SELinux context. */
export const fileArguments = {
  mode: {
    type: 'raw',
    doc: 'Permissions as an octal number (quote it: "0644") or in symbols (u=rw,g-w,o+X).',
  },
  owner: { type: 'str', doc: 'Name or number of the user that should own it.' },
  group: { type: 'str', doc: 'Name or number of the group that should own it.' },
  attributes: {
    type: 'str',
    doc: 'Attributes as lsattr shows them, set with chattr. A leading = (default), + or - says how.',
    aliases: ['attr'],
  },
  seuser: { type: 'str', doc: "The user part of the SELinux context; _default takes the policy's." },
  serole: { type: 'str', doc: "The role part of the SELinux context; _default takes the policy's." },
  setype: { type: 'str', doc: "The type part of the SELinux context; _default takes the policy's." },
  selevel: { type: 'str', doc: "The level (range) part of the SELinux context; _default takes the policy's." },
  unsafe_writes: {
    type: 'bool',
    default: false,
    fallback: 'ANSIBLE_UNSAFE_WRITES',
    doc: 'Write over the file in place where it cannot be replaced in one step, as with files mounted into containers.',
  },
} as const;

/** What the results of these modules tell of the file. */
export const fileReturns = {
  owner: 'Name of its owner.',
  group: 'Name of its group.',
  uid: 'Number of its owner.',
  gid: 'Number of its group.',
  mode: 'Its permissions, as in 0644.',
  size: 'Its size in bytes.',
  state: 'What stands there now.',
} as const;

export type FileArguments = ArgumentsOf<typeof fileArguments>;
