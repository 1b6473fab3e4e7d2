import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { Value } from '../values/index.ts';
import { defineAction } from './define.ts';
import { ask, missingCommand } from './shared/ask.ts';

const colonDatabases = ['passwd', 'shadow', 'group', 'gshadow'];

const failures: Readonly<Record<number, string>> = {
  1: 'Missing arguments, or database unknown.',
  2: 'One or more supplied key could not be found in the database.',
  3: 'Enumeration not supported on this database.',
};

export default defineAction({
  name: 'ansible.builtin.getent',
  summary: 'Looks things up in the databases of the name service.',
  args: {
    database: { type: 'str', required: true, doc: 'The database: passwd, group, hosts and so on.' },
    key: { type: 'str', doc: 'What to look up; all when it is left out.' },
    service: { type: 'str', doc: 'The one source to ask, instead of those that the host is set up for.' },
    split: { type: 'str', doc: 'The text between fields; found by the database unless it is given.' },
    fail_key: { type: 'bool', default: true, doc: 'Fail when the key is not there.' },
  },
  returns: { ansible_facts: 'A dictionary `getent_<database>`: the fields of each entry by its first one.' },
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    const key = args.key === undefined ? [] : [args.key];
    const service = args.service === undefined ? [] : ['-s', args.service];
    const { entries, there } = await ask(
      context,
      { there: sh`command -v getent`, entries: sh`getent ${[args.database, ...key, ...service]}` },
      { keepLocale: true },
    );
    if (there?.code !== 0) throw missingCommand('getent');
    const fact = `getent_${args.database}`;
    const code = entries!.code;
    if (code === 2 && !args.fail_key && args.key !== undefined) {
      return { ansible_facts: { [fact]: new Map([[args.key, null]]) }, msg: failures[2], changed: false };
    }
    if (code !== 0) throw new ModuleFailure(failures[code] ?? 'Unexpected failure!');
    const separator = args.split ?? (colonDatabases.includes(args.database) ? ':' : undefined);
    return { ansible_facts: { [fact]: readEntries(entries!.stdout, separator) }, changed: false };
  },
});

/** Entries by their first field; an entry that is there more than once becomes a list of them. */
const readEntries = (text: string, separator: string | undefined): Map<Value, Value> => {
  const all = new Map<string, Value[]>();
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [key = '', ...fields] = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
    const known = all.get(key);
    if (known) known.push(fields);
    else all.set(key, [fields]);
  }
  return new Map([...all].map(([key, entries]) => [key, entries.length === 1 ? entries[0]! : entries]));
};
