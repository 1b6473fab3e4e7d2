import { rolesIn } from '../../engine/root-block.ts';
import { type PlayNode, type RoleNode, readPlaybook } from '../../playbook/index.ts';
import type { FormField } from '../../tui/sources/run-request.ts';
import { type Dict, isTrue, Template, toText, type Value } from '../../values/index.ts';
import type { RunFlags } from '../run-options.ts';
import type { Session } from '../session.ts';

/** The fields of the form for a run of a playbook: options, the questions of its plays, the arguments of its roles. */
export const formFields = (file: string, flags: RunFlags, session: Session): FormField[] => {
  const { plays } = readPlaybook(file, session.loading);
  const given = new Set([...session.context.store.extraVars.keys()].map(String));
  const prompts = plays.flatMap(promptFields).filter(({ name }) => !given.has(name));
  const asked = new Set(prompts.map(({ name }) => name));
  const known = new Set<string>();
  const args = plays.flatMap(rolesOfPlay).flatMap(argumentFields);
  return [
    ...optionFields(flags),
    ...prompts,
    // Extra variables are the same for all roles.
    ...args.filter(({ name }) => !asked.has(name) && !known.has(name) && Boolean(known.add(name))),
  ];
};

const option = (
  name: string,
  label: string,
  value: string,
  help: string,
  type: FormField['type'] = 'text',
): FormField => ({
  name,
  label,
  kind: 'option',
  type,
  default: value,
  isRequired: false,
  help,
});

const optionFields = (flags: RunFlags): FormField[] => [
  option(
    'inventory',
    'inventory',
    (flags.inventory ?? []).join(' '),
    'Files, directories or lists of hosts, with blanks between them.',
  ),
  option('limit', 'limit', flags.limit ?? '', 'Only these hosts: names, groups, patterns, separated by commas.'),
  option('tags', 'tags', (flags.tags ?? []).join(','), 'Only tasks with these tags, separated by commas.'),
  option('skip-tags', 'skip tags', (flags.skipTags ?? []).join(','), 'No tasks with these tags, separated by commas.'),
  option('check', 'check mode', flags.check ? 'yes' : 'no', 'Change nothing, say what would change.', 'boolean'),
  option('diff', 'diff', flags.diff ? 'yes' : 'no', 'Show what changes in files and templates.', 'boolean'),
  option(
    'extra-vars',
    'extra vars',
    '',
    'As behind -e: key=value, YAML, JSON or @file. They are stronger than all others.',
  ),
];

const promptFields = ({ varsPrompt }: PlayNode): FormField[] =>
  varsPrompt.flatMap(({ name, options }): FormField[] => {
    const isSecret = isTrue(options.get('private') ?? true);
    // What has to be typed twice is asked for when the run begins.
    if (isSecret && isTrue(options.get('confirm') ?? false)) return [];
    const fallback = plain(options.get('default'));
    const label = plain(options.get('prompt')) || name;
    return [
      {
        name,
        label,
        kind: 'prompt',
        type: isSecret ? 'secret' : 'text',
        default: isSecret ? '' : fallback,
        isRequired: options.get('default') === undefined,
        help: `The variable ${name}. What is left empty is asked for when the run begins.`,
      },
    ];
  });

const rolesOfPlay = (play: PlayNode): RoleNode[] => {
  const roles = rolesIn([...play.roles, ...play.preTasks, ...play.tasks, ...play.postTasks]);
  return roles.flatMap((role) => [...role.dependencies, role]);
};

const argumentFields = (role: RoleNode): FormField[] => {
  const options = role.argumentSpec?.get('options');
  if (!(options instanceof Map)) return [];
  return [...(options as Dict)].flatMap(([key, spec]): FormField[] => {
    if (!(spec instanceof Map)) return [];
    const name = String(key);
    const choices = listOf(spec.get('choices'));
    // Where the role is used it may be given already; extra variables would win over that.
    const given = role.params.get(name) ?? role.defaults.get(name) ?? spec.get('default');
    return [
      {
        name,
        label: name,
        kind: 'argument',
        type: fieldType(spec as Dict, choices),
        ...(choices.length > 0 && { choices }),
        default: isTrue(spec.get('no_log') ?? false) ? '' : plain(given),
        isRequired: isTrue(spec.get('required') ?? false) && given === undefined,
        help: describe(spec as Dict),
        group: role.name,
      },
    ];
  });
};

const fieldType = (spec: Dict, choices: readonly string[]): FormField['type'] => {
  if (isTrue(spec.get('no_log') ?? false)) return 'secret';
  if (choices.length > 0) return 'choice';
  switch (spec.get('type')) {
    case 'bool':
      return 'boolean';
    case 'int':
    case 'float':
      return 'number';
    case 'list':
    case 'dict':
      return 'data';
  }
  return 'text';
};

const describe = (spec: Dict): string => {
  const description = spec.get('description');
  const text = (Array.isArray(description) ? description : [description ?? '']).map(plain).join(' ');
  const type = plain(spec.get('type'));
  return [type, text].filter((part) => part !== '').join(': ');
};

const listOf = (value: Value | undefined): string[] => (Array.isArray(value) ? value.map(plain) : []);

/** A value as it can be typed; what hangs on other variables is left empty. */
const plain = (value: Value | undefined): string => {
  if (value === undefined || value === null || value instanceof Template) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) || value instanceof Map) return '';
  return toText(value).trim();
};
