import { ModuleFailure } from '../errors/index.ts';
import { type Dict, markText, textMark, toText, type Value } from '../values/index.ts';
import { readBoolean } from './convert-argument.ts';
import { defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.set_fact',
  summary: 'Sets variables of a host for the rest of the run.',
  args: { cacheable: { type: 'bool', default: false, doc: 'Also keeps them in the facts cache, as facts.' } },
  takesAnyArgument: true,
  returns: { ansible_facts: 'the variables that were set' },
  supports: { check: 'full', diff: false },
  onController: true,
  run: async ({ cacheable }, { controller }, extra) => {
    if (extra.size === 0)
      throw new ModuleFailure('No key/value pairs provided, at least one is required for this action to succeed');
    const facts: Dict = new Map();
    for (const [key, value] of extra) {
      const name = checkedName(key);
      facts.set(name, controller.keepsTypes ? value : asTruth(value));
      markText(facts, name, textMark(extra, key));
    }
    return { changed: false, ansible_facts: facts, _ansible_facts_cacheable: cacheable };
  },
});

const checkedName = (name: Value): string => {
  const text = toText(name);
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text;
  throw new ModuleFailure(
    `The variable name '${text}' is not valid. Variables must start with a letter or underscore character, and contain only letters, numbers and underscores.`,
  );
};

/** Text that reads yes, no, true or false becomes a boolean. */
const asTruth = (value: Value): Value =>
  typeof value === 'string' && /^(true|false|yes|no)$/i.test(value) ? readBoolean(value)! : value;
