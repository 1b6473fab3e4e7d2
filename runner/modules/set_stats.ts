import { defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.set_stats',
  summary: 'Adds figures to the statistics that are shown at the end of the run.',
  args: {
    data: { type: 'dict', required: true, doc: 'The figures by name.' },
    per_host: { type: 'bool', default: false, doc: 'Keeps them for each host and not for the whole run.' },
    aggregate: { type: 'bool', default: true, doc: 'Adds a figure to one of the same name that is there already.' },
  },
  returns: { ansible_stats: 'what was added' },
  supports: { check: 'full', diff: false },
  onController: true,
  run: async ({ data, per_host, aggregate }) => ({ changed: false, ansible_stats: { data, per_host, aggregate } }),
});
