import { defineAction } from './define.ts';
import { setupArguments } from './setup.ts';
import { gatherFacts } from './shared/facts/index.ts';

export default defineAction({
  name: 'ansible.builtin.gather_facts',
  summary: 'Gathers facts about a host, as plays do at their start.',
  args: {
    ...setupArguments,
    parallel: {
      type: 'bool',
      doc: 'Gather by several fact modules at once. There is one here, so that it changes nothing.',
    },
  },
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
