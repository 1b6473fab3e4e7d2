import { defineAction } from './define.ts';
import { factsArguments } from './shared/facts/arguments.ts';
import { gatherFacts } from './shared/facts/index.ts';

export default defineAction({
  name: 'ansible.builtin.gather_facts',
  summary: 'Gathers facts about a host, as plays do at their start.',
  args: {
    ...factsArguments,
    parallel: {
      type: 'bool',
      doc: 'Gather by several fact modules at once. There is one here, so that it changes nothing.',
    },
  },
  returns: { ansible_facts: 'The facts, by name.' },
  supports: { check: 'full', diff: false },
  run: (args, context) => gatherFacts(args, context),
});
