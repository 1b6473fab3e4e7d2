import { ModuleFailure } from '../errors/index.ts';
import { type Dict, Template, toText, type Value } from '../values/index.ts';
import { readBoolean } from './convert-argument.ts';
import { type Controller, defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.set_stats',
  summary: 'Adds figures to the statistics that are shown at the end of the run.',
  args: {
    data: { type: 'raw', doc: 'The figures by name.' },
    per_host: { type: 'raw', default: false, doc: 'Keeps them for each host and not for the whole run.' },
    aggregate: { type: 'raw', default: true, doc: 'Adds a figure to one of the same name that is there already.' },
  },
  returns: { ansible_stats: 'what was added' },
  supports: { check: 'full', diff: false },
  onController: true,
  run: async ({ data = new Map(), per_host, aggregate }, { controller }) => {
    if (!(data instanceof Map)) throw new ModuleFailure("The 'data' option needs to be a dictionary/hash");
    return {
      changed: false,
      ansible_stats: {
        data: checkedNames(data, controller),
        // What is no word for yes counts as no.
        per_host: readBoolean(per_host) ?? false,
        aggregate: readBoolean(aggregate) ?? false,
      },
    };
  },
});

const checkedNames = (data: Dict, controller: Controller): Dict => {
  const checked: Dict = new Map();
  for (const [key, value] of data) checked.set(checkedName(key, controller), value);
  return checked;
};

const checkedName = (key: Value, controller: Controller): string => {
  const text = toText(key);
  const name = Template.needed(text) ? controller.render(text, { file: 'data of set_stats' }) : text;
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw new ModuleFailure(
    `The variable name '${name}' is not valid. Variables must start with a letter or underscore character, and contain only letters, numbers and underscores.`,
  );
};
