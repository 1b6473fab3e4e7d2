import { TemplateError } from '../errors/index.ts';
import { toText, Undefined, type Value } from '../values/index.ts';
import { type Controller, defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.debug',
  summary: 'Shows a message or a variable.',
  args: {
    msg: { type: 'raw', keepsNull: true, doc: 'What to show.' },
    var: { type: 'raw', doc: 'The name of a variable, or an expression, to show.' },
    verbosity: { type: 'int', default: 0, doc: 'Shown only with at least so many -v.' },
  },
  mutuallyExclusive: [['msg', 'var']],
  returns: { msg: 'the message' },
  supports: { check: 'full', diff: false },
  onController: true,
  run: async ({ msg, var: shown, verbosity }, { controller }) => {
    const level = Number(toText(controller.variable('ansible_verbosity') ?? 0));
    if (level < verbosity) return { skipped_reason: 'Verbosity threshold not met.', skipped: true, changed: false };
    // A variable that is called rc is no exit code.
    const always = { _ansible_verbose_always: true, changed: false, failed: false };
    if (shown === undefined) return { msg: msg === undefined ? 'Hello world!' : msg, ...always };
    if (typeof shown !== 'string') return { [toText(shown)]: shown, ...always };
    // A template may give the name of a variable, but no expression: that could be a host's.
    const isData = controller.isRendered?.('var') === true && !variablePath.test(shown);
    return { [shown]: isData ? `{{${shown}}}` : valueShown(shown, controller), ...always };
  },
});

const variablePath = /^[A-Za-z_]\w*(?:\.\w+|\[(?:-?\d+|'[^'\\]*'|"[^"\\]*")\])*$/;

const valueShown = (expression: string, controller: Controller): Value => {
  try {
    const value = controller.evaluate(expression);
    if (value instanceof Undefined) return notDefined;
    return value;
  } catch (error) {
    if (error instanceof TemplateError && error.kind === 'undefined') return notDefined;
    throw error;
  }
};

const notDefined = 'VARIABLE IS NOT DEFINED!';
