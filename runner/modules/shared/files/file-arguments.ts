import { fileArguments } from './common-arguments.ts';

const timeFormat = 'How the time is written, in the letters of strptime.';

/** The arguments of the file module. */
export const fileModuleArguments = {
  path: { type: 'path', required: true, aliases: ['dest', 'name'], doc: 'The file, folder or link.' },
  state: {
    type: 'str',
    choices: ['absent', 'directory', 'file', 'hard', 'link', 'touch'],
    doc: 'What shall stand there. Without it, what stands there now is only given the attributes.',
  },
  src: { type: 'path', doc: 'What a link leads to; relative to where the link stands, as in ln -s.' },
  _diff_peek: { type: 'bool', doc: 'Accepted, and without effect.' },
  recurse: { type: 'bool', default: false, doc: 'Give the attributes to everything inside of a folder too.' },
  force: {
    type: 'bool',
    default: false,
    doc: 'Make a link although its source is missing, or in place of a file or empty folder.',
  },
  follow: { type: 'bool', default: true, doc: 'Act on what a link leads to, rather than on the link.' },
  modification_time: {
    type: 'str',
    doc: 'When it was changed last: a time, now, or preserve (the default but for touch).',
  },
  modification_time_format: { type: 'str', default: '%Y%m%d%H%M.%S', doc: timeFormat },
  access_time: { type: 'str', doc: 'When it was read last: a time, now, or preserve (the default but for touch).' },
  access_time_format: { type: 'str', default: '%Y%m%d%H%M.%S', doc: timeFormat },
  ...fileArguments,
} as const;
