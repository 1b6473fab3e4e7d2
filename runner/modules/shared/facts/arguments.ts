import type { ArgumentsOf } from '../../arguments.ts';

/** What the modules take that gather facts. */
export const factsArguments = {
  gather_subset: {
    type: 'list',
    elements: 'str',
    default: ['all'],
    doc: 'Which facts to gather: all, min, names of subsets such as hardware, network or virtual; ! in front excludes.',
  },
  gather_timeout: {
    type: 'int',
    default: 10,
    doc: 'Seconds after which a look at one network file system is given up.',
  },
  filter: {
    type: 'list',
    elements: 'str',
    default: [],
    doc: 'Return only facts whose name matches one of these shell patterns, with or without ansible_ in front.',
  },
  fact_path: {
    type: 'path',
    default: '/etc/ansible/facts.d',
    doc: 'The folder of local facts: *.fact files, which are JSON, INI, or programs that print either.',
  },
} as const;

export type FactsArguments = ArgumentsOf<typeof factsArguments>;
