import { ModuleFailure } from '../errors/index.ts';
import { toText, type Value } from '../values/index.ts';
import { defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.assert',
  summary: 'Fails unless all of some conditions hold.',
  args: {
    that: { type: 'raw', required: true, doc: 'The conditions, written as those of `when`.' },
    fail_msg: { type: 'raw', aliases: ['msg'], doc: 'What to say when one does not hold.' },
    success_msg: { type: 'raw', doc: 'What to say when all hold.' },
    quiet: { type: 'bool', default: false, doc: 'Shows nothing when all hold.' },
  },
  returns: {
    assertion: 'the condition that did not hold',
    evaluated_to: 'false, when one did not hold',
    msg: 'the message',
  },
  supports: { check: 'full', diff: false },
  onController: true,
  run: async ({ that, fail_msg, success_msg, quiet }, { controller }) => {
    const shown = quiet ? {} : { _ansible_verbose_always: true };
    for (const condition of Array.isArray(that) ? that : [that]) {
      if (controller.condition(condition)) continue;
      const failure = new ModuleFailure(messageText(fail_msg, 'Assertion failed'), {
        ...shown,
        evaluated_to: false,
        assertion: condition,
        ...(Array.isArray(fail_msg) && { msg: fail_msg }),
      });
      throw failure;
    }
    return { ...shown, changed: false, msg: success_msg ?? 'All assertions passed' };
  },
});

const messageText = (message: Value | undefined, otherwise: string): string =>
  message === undefined || message === null ? otherwise : toText(message);
