/** Where a keyword can stand. */
export type Place = 'play' | 'role' | 'block' | 'task' | 'handler' | 'import_playbook';

/** What a keyword's value must be; a template is accepted for all but what the loader itself needs. */
export type KeywordType =
  | 'text'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'percent'
  | 'list'
  | 'conditions'
  | 'names'
  | 'vars'
  | 'mapping'
  | 'mappings'
  | 'tasks'
  | 'roles'
  | 'anything';

export interface Keyword {
  readonly type: KeywordType;
  readonly doc: string;
  readonly places: readonly Place[];
  /** Whether what is inside gets it: the nearest value wins, or all values add up. */
  readonly inherits?: 'nearest' | 'all';
  /** The allowed values of text. */
  readonly choices?: readonly string[];
  /** The loader works with it, so it cannot be a template. */
  readonly isStatic?: true;
}

const everywhere: readonly Place[] = ['play', 'role', 'block', 'task', 'handler', 'import_playbook'];
const inPlay: readonly Place[] = ['play'];
const onBlocks: readonly Place[] = ['block'];
const onTasks: readonly Place[] = ['task', 'handler'];
const belowPlay: readonly Place[] = ['role', 'block', 'task', 'handler'];

const nearest = (type: KeywordType, doc: string, places = everywhere): Keyword => ({
  type,
  doc,
  places,
  inherits: 'nearest',
});
const own = (type: KeywordType, doc: string, places: readonly Place[]): Keyword => ({ type, doc, places });

const strategies = ['linear', 'free', 'host_pinned', 'debug'];

/** Every keyword of playbooks. Checks, suggestions and the JSON schemas come from this table. */
export const keywords: Readonly<Record<string, Keyword>> = {
  name: own('text', 'What it is called in the output.', everywhere),
  vars: { ...own('vars', 'Variables for what is inside.', everywhere), isStatic: true },
  tags: {
    type: 'list',
    doc: 'Words by which --tags and --skip-tags select.',
    places: everywhere,
    inherits: 'all',
  },
  when: {
    type: 'conditions',
    doc: 'Expressions that must all be true for it to run.',
    places: ['role', 'block', 'task', 'handler', 'import_playbook'],
    inherits: 'all',
  },
  collections: {
    type: 'names',
    doc: 'Collections in which short names of modules and roles are looked up.',
    places: ['play', 'role', 'block', 'task', 'handler'],
    inherits: 'nearest',
    isStatic: true,
  },
  module_defaults: {
    type: 'mappings',
    doc: 'Arguments of modules for the tasks inside that do not give them.',
    places: everywhere,
    inherits: 'all',
  },
  environment: { type: 'anything', doc: 'Environment variables of tasks.', places: everywhere, inherits: 'all' },
  connection: nearest('text', 'How hosts are reached: ssh, local …'),
  port: nearest('integer', 'The port to connect to.'),
  remote_user: nearest('text', 'The user to log in as.'),
  become: nearest('boolean', 'Whether tasks run as another user.'),
  become_user: nearest('text', 'The user that tasks run as.'),
  become_method: nearest('text', 'How tasks become that user: sudo, su …'),
  become_flags: nearest('text', 'Options for the program that makes them the other user.'),
  become_exe: nearest('text', 'The program that makes them the other user.'),
  no_log: nearest('boolean', 'Whether arguments and results are kept out of output and records.'),
  run_once: nearest('boolean', 'Runs on the first host only; all hosts get the result.'),
  ignore_errors: nearest('boolean', 'Goes on after a failure.'),
  ignore_unreachable: nearest('boolean', 'Goes on with hosts that could not be reached.'),
  check_mode: nearest('boolean', 'Whether tasks only tell what they would change.'),
  diff: nearest('boolean', 'Whether tasks show what they change.'),
  any_errors_fatal: nearest('boolean', 'Ends the play on all hosts when one fails.'),
  throttle: nearest('integer', 'How many hosts run a task at the same time at most.'),
  timeout: nearest('integer', 'Seconds after which a task fails.'),
  debugger: {
    ...nearest('text', 'When the debugger is entered.'),
    choices: ['always', 'never', 'on_failed', 'on_unreachable', 'on_skipped'],
  },
  delegate_to: nearest('text', 'The host on which tasks run in place of their own.', belowPlay),
  delegate_facts: nearest('boolean', 'Whether facts go to the host that tasks were delegated to.', belowPlay),
  notify: nearest('list', 'Handlers to run when something changed.', ['block', 'task', 'handler']),

  hosts: own('list', 'The hosts that the play is for: a pattern or a list of patterns.', inPlay),
  gather_facts: own('boolean', 'Whether facts are gathered first.', inPlay),
  gather_subset: own('list', 'The kinds of facts to gather.', inPlay),
  gather_timeout: own('integer', 'Seconds that gathering facts may take.', inPlay),
  fact_path: own('text', 'The folder with local facts on hosts.', inPlay),
  vars_files: own('list', 'Files with variables for the play.', inPlay),
  vars_prompt: { ...own('list', 'Variables that are asked for.', inPlay), isStatic: true },
  roles: own('roles', 'Roles to run in front of the tasks.', inPlay),
  handlers: own('tasks', 'Tasks that run when they were notified.', inPlay),
  pre_tasks: own('tasks', 'Tasks in front of the roles.', inPlay),
  tasks: own('tasks', 'The tasks of the play.', inPlay),
  post_tasks: own('tasks', 'Tasks behind all others.', inPlay),
  force_handlers: own('boolean', 'Runs notified handlers on hosts that failed, too.', inPlay),
  max_fail_percentage: own('percent', 'The share of hosts of a batch that may fail before the play ends.', inPlay),
  serial: own('anything', 'How many hosts, or which share of them, are taken on at a time.', inPlay),
  strategy: {
    ...own('text', 'In which order hosts go through tasks: linear, free, host_pinned, debug.', inPlay),
    choices: strategies.flatMap((name) => [name, `ansible.builtin.${name}`]),
  },
  order: {
    ...own('text', 'The order in which hosts are taken.', inPlay),
    choices: ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'],
  },
  user: own('text', 'The old name of remote_user.', inPlay),

  block: own('tasks', 'Tasks that belong together.', onBlocks),
  rescue: own('tasks', 'Tasks that run when one in the block failed.', onBlocks),
  always: own('tasks', 'Tasks that run whether or not something failed.', onBlocks),

  action: own('anything', 'The module to run, with its arguments.', onTasks),
  local_action: own('anything', 'Like action, run on the machine that muster runs on.', onTasks),
  args: own('mapping', 'Further arguments of the module.', onTasks),
  async: own('integer', 'Seconds that the task may run in the background.', onTasks),
  poll: own('integer', 'Seconds between looks at a task in the background; 0 does not wait for it.', onTasks),
  changed_when: own('conditions', 'Expressions that decide whether something was changed.', onTasks),
  failed_when: own('conditions', 'Expressions that decide whether the task failed.', onTasks),
  until: own('conditions', 'Expressions that must become true; until then the task is tried again.', onTasks),
  retries: own('integer', 'How often the task is tried again.', onTasks),
  delay: own('number', 'Seconds between two tries.', onTasks),
  register: { ...own('text', 'The variable that gets the result.', onTasks), isStatic: true },
  loop: own('anything', 'A list; the task runs once for each of its items.', onTasks),
  loop_control: { ...own('mapping', 'How the loop names and shows its items.', onTasks), isStatic: true },
  listen: { ...own('names', 'Topics that notify the handler besides its name.', ['handler']), isStatic: true },

  role: own('text', 'The name of the role.', ['role']),
  import_playbook: { ...own('text', 'The playbook to run at this place.', ['import_playbook']) },
};

/** What the entries of a mapping are called, and what they hold. */
export type SettingTypes = Readonly<Record<string, { readonly type: KeywordType; readonly doc: string }>>;

/** The settings of `loop_control`. */
export const loopControlKeywords: SettingTypes = {
  loop_var: { type: 'text', doc: 'The variable that holds the item; item unless told.' },
  index_var: { type: 'text', doc: 'The variable that holds the number of the item, from 0.' },
  label: { type: 'anything', doc: 'What the output shows in place of the item.' },
  pause: { type: 'number', doc: 'Seconds between two items.' },
  extended: { type: 'boolean', doc: 'Whether the variable ansible_loop tells about the loop.' },
  extended_allitems: { type: 'boolean', doc: 'Whether ansible_loop holds all items.' },
};

/** The entries of `vars_prompt`. */
export const promptKeywords: SettingTypes = {
  name: { type: 'text', doc: 'The variable that gets the answer.' },
  prompt: { type: 'text', doc: 'The question; the name of the variable unless told.' },
  default: { type: 'anything', doc: 'The answer when there is none.' },
  private: { type: 'boolean', doc: 'Whether the answer is hidden; yes unless told.' },
  confirm: { type: 'boolean', doc: 'Whether the answer is asked for twice.' },
  encrypt: { type: 'text', doc: 'The kind of hash that is made of the answer.' },
  salt: { type: 'text', doc: 'The salt of the hash.' },
  salt_size: { type: 'integer', doc: 'How long a salt is made up for the hash.' },
  unsafe: { type: 'boolean', doc: 'Whether the answer may hold what looks like a template.' },
};

/** The keywords that include_tasks and include_role take; all others would have no effect there. */
export const includeKeywords: ReadonlySet<string> = new Set([
  'action',
  'args',
  'collections',
  'debugger',
  'ignore_errors',
  'loop',
  'loop_control',
  'name',
  'no_log',
  'register',
  'run_once',
  'tags',
  'timeout',
  'vars',
  'when',
]);

const byPlace = new Map<Place, ReadonlySet<string>>();

/** The keywords that can stand at a place. */
export const keywordsOf = (place: Place): ReadonlySet<string> => {
  let names = byPlace.get(place);
  if (names === undefined) {
    names = new Set(Object.keys(keywords).filter((name) => keywords[name]!.places.includes(place)));
    byPlace.set(place, names);
  }
  return names;
};

/** A keyword by its name, without the entries that every JavaScript object has. */
export const keywordOf = (name: string): Keyword | undefined =>
  Object.hasOwn(keywords, name) ? keywords[name] : undefined;

/** Whether a key of a task or handler is a keyword. */
export const isTaskKeyword = (name: string, isHandler: boolean): boolean =>
  keywordsOf(isHandler ? 'handler' : 'task').has(name);

// Names that were keywords once and that are passed over where they do no harm.
const legacyKeywords = new Set(['async_val', 'loop_with']);

/** Whether it is one of those. */
export const isLegacyKeyword = (name: string): boolean => legacyKeywords.has(name);
