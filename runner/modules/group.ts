import { type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ResultObject } from '../values/index.ts';
import { defineModule } from './define.ts';
import { findEntry, type GroupEntry, listGroups, readGroups } from './shared/accounts/entries.ts';
import { commandFailure } from './shared/answers.ts';
import { ask, missingCommand, went } from './shared/ask.ts';

interface State {
  readonly group: GroupEntry | undefined;
  readonly others: readonly GroupEntry[];
  /** The host has busybox's addgroup, and not the commands of shadow. */
  readonly isBusybox: boolean;
}

interface Arguments {
  readonly name: string;
  readonly gid: number | undefined;
  readonly system: boolean;
  readonly local: boolean;
  readonly non_unique: boolean;
}

export default defineModule({
  name: 'ansible.builtin.group',
  summary: 'Adds, changes and removes groups.',
  args: {
    name: { type: 'str', required: true, doc: 'The group.' },
    gid: { type: 'int', doc: 'Its number.' },
    state: { type: 'str', choices: ['absent', 'present'], default: 'present', doc: 'Whether it is to exist.' },
    system: { type: 'bool', default: false, doc: 'Give a new group a number of the range for system groups.' },
    local: {
      type: 'bool',
      default: false,
      doc: 'Look and change in the local files only (lgroupadd and its kind), where a directory service is in use.',
    },
    non_unique: { type: 'bool', default: false, doc: 'Let the number be one that another group has.' },
  },
  requiredIf: [['non_unique', true, ['gid']]],
  returns: {
    name: 'The group.',
    state: 'Whether it exists.',
    gid: 'Its number, when it exists.',
    system: 'Whether a system group was asked for, when it exists.',
  },
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    const answers = await ask(context, {
      group: findEntry('group', args.name, args.local),
      // Only these two need to know of other groups.
      all: args.gid !== undefined && listGroups([]),
      tools: sh`for m_tool in groupadd addgroup; do command -v $m_tool >/dev/null && echo $m_tool; done; exit 0`,
    });
    const group = went(answers.group) ? readGroups(answers.group!.stdout)[0] : undefined;
    if (args.local && !group) {
      context.warn(
        "'local: true' specified and group was not found in /etc/group. The local group may already exist if the local group database exists somewhere other than /etc/group.",
      );
    }
    const all = readGroups(answers.all?.stdout ?? '');
    const tools = (answers.tools?.stdout ?? '').split('\n');
    if (!tools.includes('groupadd') && !tools.includes('addgroup')) throw missingCommand('groupadd');
    return { group, others: all.filter(({ name }) => name !== args.name), isBusybox: !tools.includes('groupadd') };
  },

  diff: ({ group, others, isBusybox }, args) => {
    const result: ResultObject = { name: args.name, state: args.state };
    if (args.state === 'absent')
      return { changed: group !== undefined, result, steps: sh`${removal(args, isBusybox)}` };
    if (group && (args.gid === undefined || args.gid === group.gid)) {
      return { changed: false, result: { ...result, system: args.system, gid: group.gid } };
    }
    const holder = others.find(({ gid }) => gid === args.gid);
    if (holder && args.local) {
      throw new ModuleFailure(`GID '${args.gid}' already exists with group '${holder.name}'`);
    }
    if (holder && group && isBusybox) throw new ModuleFailure(`gid '${args.gid}' in use`);
    const steps = group ? change(args, group, isBusybox) : creation(args, isBusybox);
    const about = group && { system: args.system, gid: group.gid };
    return { changed: true, result: { ...result, ...about }, steps };
  },

  apply: async ({ steps, result }, args, context) => {
    const answers = await ask(
      context,
      { change: steps!, group: args.state === 'present' && findEntry('group', args.name, args.local) },
      { stopAtFailure: true },
    );
    const { stdout, stderr } = answers.change!;
    if (!went(answers.change)) throw commandFailure(answers.change!, stderr, { name: args.name });
    const group = readGroups(answers.group?.stdout ?? '')[0];
    return {
      ...result,
      ...(group && { system: args.system, gid: group.gid }),
      stdout: stdout || undefined,
      stderr: stderr || undefined,
    };
  },
});

const numbered = ({ gid, non_unique }: Arguments): Script =>
  gid === undefined ? sh`` : sh`-g ${gid} ${non_unique ? sh`-o ` : sh``}`;

const creation = (args: Arguments, isBusybox: boolean): Script => {
  if (isBusybox)
    return sh`addgroup ${numbered({ ...args, non_unique: false })}${args.system ? sh`-S ` : sh``}${args.name}`;
  return sh`${args.local ? sh`lgroupadd` : sh`groupadd`} ${numbered(args)}${args.system ? sh`-r ` : sh``}${args.name}`;
};

const removal = ({ name, local }: Arguments, isBusybox: boolean): Script =>
  isBusybox ? sh`delgroup ${name}` : sh`${local ? sh`lgroupdel` : sh`groupdel`} ${name}`;

// Busybox has no command for it, so that the file itself is changed.
const change = (args: Arguments, group: GroupEntry, isBusybox: boolean): Script => {
  if (!isBusybox) return sh`${args.local ? sh`lgroupmod` : sh`groupmod`} ${numbered(args)}${args.name}`;
  return sh`while IFS= read -r m_line || [ -n "$m_line" ]; do
case $m_line in
${args.name}:*:${group.gid}:*) m_rest=\${m_line#*:}; printf '%s\n' ${`${args.name}:`}"\${m_rest%%:*}":${args.gid}:"\${m_line##*:}";;
*) printf '%s\n' "$m_line";;
esac
done </etc/group >/etc/group.muster.$$ && cat /etc/group.muster.$$ >/etc/group; m_code=$?
rm -f /etc/group.muster.$$
exit $m_code`;
};
