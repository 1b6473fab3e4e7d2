import { ModuleFailure } from '../errors/index.ts';
import { defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.fail',
  summary: 'Fails with a message.',
  args: { msg: { type: 'str', default: 'Failed as requested from task', doc: 'Why.' } },
  returns: {},
  supports: { check: 'full', diff: false },
  onController: true,
  run: async ({ msg }) => {
    throw new ModuleFailure(msg);
  },
});
