import { keywordOf, keywordsOf, loopControlKeywords, type Place, promptKeywords } from '../keywords.ts';
import { choose, definition, draft, exactly, type JsonSchema } from './json-schema.ts';
import { schemaOfKeyword, schemaOfType, valueDefinitions } from './values.ts';

/** The keywords of a place as properties. */
const propertiesOf = (place: Place): Record<string, JsonSchema> =>
  Object.fromEntries([...keywordsOf(place)].map((name) => [name, special[name] ?? schemaOfKeyword(keywordOf(name)!)]));

const tasks: JsonSchema = { type: ['array', 'null'], items: definition('entry'), description: 'a list of tasks' };
const handlers: JsonSchema = {
  type: ['array', 'null'],
  items: definition('handlerEntry'),
  description: 'a list of tasks',
};
const roles: JsonSchema = { type: ['array', 'null'], items: definition('role'), description: 'a list of roles' };

const settings = (table: Readonly<Record<string, { type: Parameters<typeof schemaOfType>[0]; doc: string }>>) =>
  Object.fromEntries(
    Object.entries(table).map(([name, { type, doc }]) => [name, { ...schemaOfType(type), description: doc }]),
  );

const special: Readonly<Record<string, JsonSchema>> = {
  tasks,
  pre_tasks: tasks,
  post_tasks: tasks,
  block: { ...tasks, type: 'array' },
  rescue: { ...tasks, type: 'array' },
  always: { ...tasks, type: 'array' },
  handlers,
  roles,
  hosts: {
    description: 'a pattern of hosts, or a list of patterns',
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', minItems: 1, items: { type: 'string' } },
    ],
  },
  loop_control: {
    ...exactly(settings(loopControlKeywords)),
    type: ['object', 'null'],
    description: 'a mapping of settings',
  },
  vars_prompt: {
    description: 'a list of questions',
    ...choose({ type: 'object' }, definition('question'), { type: ['array', 'null'], items: definition('question') }),
  },
};

// What a module's name looks like, and what can stand behind it.
const moduleName = '^(?!with_)[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$';
const moduleArguments: JsonSchema = {
  type: ['object', 'string', 'null'],
  description: 'arguments as a mapping or as text',
};

const taskSchema = (place: 'task' | 'handler'): JsonSchema => ({
  type: 'object',
  properties: propertiesOf(place),
  patternProperties: {
    '^with_': {},
    [`^(?!(?:${[...keywordsOf(place)].join('|')})$)${moduleName.slice(1)}`]: moduleArguments,
  },
  additionalProperties: false,
});

const isBlock: JsonSchema = {
  type: 'object',
  anyOf: ['block', 'rescue', 'always'].map((name) => ({ required: [name] })),
};

/** An entry of a list of tasks; an empty one is passed over. */
const entryOf = (task: 'task' | 'handler'): JsonSchema => ({
  type: ['object', 'null'],
  description: 'a task or a block',
  ...choose(isBlock, definition('block'), choose({ type: 'object' }, definition(task))),
});

const taskDefinitions = (): Record<string, JsonSchema> => ({
  ...valueDefinitions,
  entry: entryOf('task'),
  handlerEntry: entryOf('handler'),
  block: exactly(propertiesOf('block'), { dependencies: { rescue: ['block'], always: ['block'] } }),
  task: taskSchema('task'),
  handler: taskSchema('handler'),
});

/** A playbook: plays and import_playbook statements. */
export const playbookSchema = (): JsonSchema => ({
  $schema: draft,
  $id: 'playbook.schema.json',
  title: 'Playbook',
  description: 'a list of plays',
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    description: 'a play, or import_playbook',
    ...choose(
      { anyOf: playbookImports.map((name) => ({ required: [name] })) },
      definition('import'),
      definition('play'),
    ),
  },
  definitions: {
    ...taskDefinitions(),
    play: exactly(propertiesOf('play'), { required: ['hosts'] }),
    import: exactly({
      ...propertiesOf('import_playbook'),
      ...Object.fromEntries(
        playbookImports.map((name) => [name, { type: 'string', minLength: 1, description: "a playbook's file" }]),
      ),
    }),
    role: roleSchema(),
    question: exactly(settings(promptKeywords), { required: ['name'], description: 'a question, with a name' }),
  },
});

const playbookImports = ['import_playbook', 'ansible.builtin.import_playbook', 'ansible.legacy.import_playbook'];

/** An entry of `roles` or `dependencies`: a name, or a mapping whose unknown keys are the role's parameters. */
export const roleSchema = (): JsonSchema => ({
  description: "a role's name, or a mapping with 'role'",
  type: ['string', 'number', 'object'],
  properties: propertiesOf('role'),
  additionalProperties: true,
});

/** A file of tasks or handlers. */
export const tasksSchema = (): JsonSchema => ({
  $schema: draft,
  $id: 'tasks.schema.json',
  title: 'Tasks',
  description: 'a list of tasks',
  type: ['array', 'null'],
  // What tells handlers is where the file stands; their keywords are a few more.
  items: definition('handlerEntry'),
  definitions: taskDefinitions(),
});
