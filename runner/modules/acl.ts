import { type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { mustGo } from './shared/answers.ts';
import { ask, missingCommand, went } from './shared/ask.ts';
import { splitLines } from './shared/commands/decode.ts';
import { pathWord } from './shared/files/paths.ts';

interface State {
  readonly current: readonly string[];
  /** Whether setfacl would change something. */
  readonly differs: boolean;
}

export default defineModule({
  name: 'ansible.posix.acl',
  summary: 'Sets and tells the access control lists of files.',
  args: {
    path: { type: 'path', required: true, aliases: ['name'], doc: 'The file or folder.' },
    entry: { type: 'str', doc: 'The entry in one: [d:]type:entity:permissions. Out of date; use the other arguments.' },
    entity: { type: 'str', default: '', doc: 'The user or group that the entry is for.' },
    etype: { type: 'str', choices: ['group', 'mask', 'other', 'user'], doc: 'Whom the entry is for.' },
    permissions: { type: 'str', doc: 'Letters of r, w, x and X.' },
    state: {
      type: 'str',
      default: 'query',
      choices: ['absent', 'present', 'query'],
      doc: 'Whether the entry is there; query only tells the list.',
    },
    follow: { type: 'bool', default: true, doc: 'Follow symbolic links.' },
    default: { type: 'bool', default: false, doc: 'The list that new files of the folder get.' },
    recursive: { type: 'bool', default: false, aliases: ['recurse'], doc: 'All that is inside the folder, too.' },
    recalculate_mask: {
      type: 'str',
      default: 'default',
      choices: ['default', 'mask', 'no_mask'],
      doc: 'Whether the mask is worked out anew: as setfacl does by itself, always, or never.',
    },
    use_nfsv4_acls: { type: 'bool', default: false, doc: 'The entry is one of NFSv4.' },
  },
  returns: { acl: 'The list, after a change.', msg: 'What was asked.' },
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    const entry = readEntry(args);
    const file = sh`m_path=${pathWord(args.path)}\n`;
    const answers = await ask(context, {
      there: sh`command -v setfacl`,
      exists: sh`${file}[ -e "$m_path" ]`,
      test: args.state !== 'query' && sh`${file}${setCommand(args, entry, true)}`,
      current: sh`${file}${getCommand(args, entry)}`,
    });
    if (!went(answers.exists)) throw new ModuleFailure('Path not found or not accessible.');
    if (!went(answers.there)) throw missingCommand('setfacl');
    mustGo(answers.test);
    mustGo(answers.current);
    const changes = splitLines(answers.test?.stdout ?? '').filter((line) => line.trim() !== '');
    return {
      current: readList(answers.current!.stdout),
      differs: changes.some((line) => !line.trimEnd().endsWith('*,*')),
    };
  },

  diff: ({ current, differs }, args) => {
    const { state } = args;
    return {
      changed: state !== 'query' && differs,
      result: {
        acl: [...current],
        msg: state === 'query' ? 'current acl' : `${readEntry(args).text} is ${state}`,
      },
    };
  },

  apply: async (_plan, args, context) => {
    const entry = readEntry(args);
    const file = sh`m_path=${pathWord(args.path)}\n`;
    const { set, current } = await ask(
      context,
      { set: sh`${file}${setCommand(args, entry, false)}`, current: sh`${file}${getCommand(args, entry)}` },
      { stopAtFailure: true },
    );
    mustGo(set);
    mustGo(current);
    return { acl: readList(current!.stdout) };
  },
});

interface Arguments {
  readonly entry: string | undefined;
  readonly entity: string;
  readonly etype: string | undefined;
  readonly permissions: string | undefined;
  readonly state: 'absent' | 'present' | 'query';
  readonly follow: boolean;
  readonly default: boolean;
  readonly recursive: boolean;
  readonly recalculate_mask: 'default' | 'mask' | 'no_mask';
  readonly use_nfsv4_acls: boolean;
}

interface Entry {
  readonly text: string;
  readonly isDefault: boolean;
}

/** The entry as setfacl takes it. Throws for arguments that do not go together. */
const readEntry = (args: Arguments): Entry => {
  const { state, entity, etype, permissions } = args;
  const refuse = (message: string): never => {
    throw new ModuleFailure(message);
  };
  if (state === 'query') {
    if (args.recursive) refuse("'recursive' MUST NOT be set when 'state=query'.");
    if (args.recalculate_mask !== 'default') {
      refuse("'recalculate_mask' MUST NOT be set to 'mask' or 'no_mask' when 'state=query'.");
    }
    if (args.entry) refuse("'entry' MUST NOT be set when 'state=query'.");
    return { text: '', isDefault: args.default };
  }
  if (args.entry) {
    if (etype || entity || permissions) {
      refuse("'entry' MUST NOT be set when 'entity', 'etype' or 'permissions' are set.");
    }
    return splitEntry(args.entry, args);
  }
  if (state === 'absent' && permissions) refuse("'permissions' MUST NOT be set when 'state=absent'.");
  if (state === 'absent' && !entity) refuse("'entity' MUST be set when 'state=absent'.");
  if (!etype) refuse(`'etype' MUST be set when 'state=${state}'.`);
  return { text: entryText([etype!, entity], permissions, args), isDefault: args.default };
};

const entryText = (
  who: readonly string[],
  permissions: string | undefined,
  { state, use_nfsv4_acls: isNfs }: Arguments,
): string =>
  [...who, ...(permissions && state === 'present' ? [permissions] : []), ...(isNfs ? ['allow'] : [])].join(':');

const splitEntry = (entry: string, args: Arguments): Entry => {
  const parts = entry.split(':');
  const isPresent = args.state === 'present';
  const isRight = isPresent ? [3, 4].includes(parts.length) : [2, 3].includes(parts.length);
  if (!isRight) {
    throw new ModuleFailure(
      `'entry' MUST have ${isPresent ? '3 or 4' : '2 or 3'} sections divided by ':' when 'state=${args.state}'.`,
    );
  }
  const isDefault = /^d/i.test(entry);
  const [type = '', entity = '', permissions] = isDefault ? parts.slice(1) : parts;
  const etype = ['user', 'group', 'mask', 'other'].find((name) => name[0] === type[0]?.toLowerCase());
  if (!etype) throw new ModuleFailure(`'entry' begins with no type of entries: ${entry}`);
  return { text: entryText([etype, entity], permissions, args), isDefault: isDefault || args.default };
};

const setCommand = (args: Arguments, entry: Entry, isTest: boolean): Script => {
  const words = [
    ...(entry.isDefault ? ['-d'] : []),
    ...(isTest ? ['--test'] : []),
    ...(args.recursive ? ['--recursive'] : []),
    ...(args.recalculate_mask === 'mask' ? ['--mask'] : args.recalculate_mask === 'no_mask' ? ['--no-mask'] : []),
    ...(args.follow ? [] : ['--physical']),
    args.state === 'present' ? '-m' : '-x',
    entry.text,
  ];
  return sh`setfacl ${words} -- "$m_path"`;
};

const getCommand = (args: Arguments, entry: Entry): Script => {
  const words = [
    ...(entry.isDefault ? ['-d'] : []),
    '--omit-header',
    '--absolute-names',
    ...(args.recursive ? ['--recursive'] : []),
    ...(args.follow ? [] : ['--physical']),
  ];
  return sh`getfacl ${words} -- "$m_path"`;
};

const readList = (output: string): string[] => {
  const lines = splitLines(output)
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim());
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};
