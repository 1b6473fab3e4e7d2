import { defineAction } from './define.ts';
import { factsArguments } from './shared/facts/arguments.ts';
import { gatherFacts } from './shared/facts/index.ts';

export default defineAction({
  name: 'ansible.builtin.setup',
  summary: 'Gathers facts about a host.',
  args: factsArguments,
  returns: { ansible_facts: 'The facts, by name.' },
  supports: { check: 'full', diff: false },
  run: gatherFacts,
});
