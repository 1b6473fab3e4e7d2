import { defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.fail',
  summary: 'Fails with a message.',
  args: { msg: { type: 'raw', default: 'Failed as requested from task', doc: 'Why.' } },
  returns: {},
  supports: { check: 'full', diff: false },
  onController: true,
  run: async ({ msg }) => ({ failed: true, changed: false, msg }),
});
