import { defineAction } from './define.ts';
import { gatherFacts } from './shared/facts/index.ts';

export const setupArguments = {
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

export default defineAction({
  name: 'ansible.builtin.setup',
  summary: 'Gathers facts about a host.',
  args: setupArguments,
  returns: { ansible_facts: 'The facts, by name.' },
  supports: { check: 'full', diff: false },
  run: async (args, context) => ({
    ansible_facts: await gatherFacts(
      {
        subset: args.gather_subset,
        filter: args.filter,
        timeout: args.gather_timeout,
        factPath: args.fact_path,
      },
      context,
    ),
    changed: false,
  }),
});
