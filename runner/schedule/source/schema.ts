import { definition, draft, exactly, type JsonSchema } from '../../playbook/schema/index.ts';

const text = (description: string): JsonSchema => ({ type: 'string', minLength: 1, description });
const yesOrNo = (description: string): JsonSchema => ({ type: 'boolean', description });

/** One text, or a list of them. */
const texts = (description: string): JsonSchema => ({
  description,
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
  ],
});

const duration = (description: string): JsonSchema => ({
  description,
  anyOf: [
    { type: 'integer', minimum: 0 },
    { type: 'string', pattern: '^(?:[0-9]+|(?:[0-9]+(?:ms|[smhdw]))+)$' },
  ],
});

const seconds = 'a time like 90 (seconds), 10m or 1h30m';

const oneOf = (description: string, ...values: readonly string[]): JsonSchema => ({
  enum: values,
  description: `${description}one of ${values.join(', ')}`,
});

/** The keywords of a schedule, in the order in which people read them. */
const keywords: Readonly<Record<string, JsonSchema>> = {
  description: text('what it is for'),
  playbook: texts("a playbook's file, or a list of files"),
  inventory: texts('an inventory, or a list of inventories'),
  limit: text('a pattern of hosts'),
  tags: texts('a tag, or a list of tags'),
  skip_tags: texts('a tag, or a list of tags'),
  extra_vars: definition('variables'),
  check: yesOrNo('yes or no: change nothing, say what would change'),
  diff: yesOrNo('yes or no: record what changes in files'),
  vault_password_file: texts('a file with a vault password, or a list of files'),
  vault_id: texts('label@file, or a list of these'),
  options: {
    type: 'array',
    items: { type: 'string' },
    description: 'further words of the command line, as a list of texts',
  },
  schedule: {
    ...texts(
      'text in quotes, or a list: "30 4 * * *" as in cron; "@10m", "09:00", "~00:00-06:00 mon-fri" as in OpenSVC',
    ),
  },
  time_zone: text('a name like Europe/Paris or UTC'),
  timeout: duration(seconds),
  kill_after: duration(seconds),
  overlap: oneOf('', 'skip', 'queue', 'replace'),
  catch_up: {
    description: 'skip, once, or how late a run may be, as in 2h',
    anyOf: [{ enum: ['skip', 'once'] }, ...duration('').anyOf!],
  },
  retries: {
    description: 'how many further runs follow a failed one, or a mapping with count, delay, factor and longest',
    anyOf: [
      { type: 'integer', minimum: 0 },
      exactly(
        {
          count: { type: 'integer', minimum: 0 },
          delay: duration(seconds),
          factor: { type: 'number', minimum: 1 },
          longest: duration(seconds),
        },
        { required: ['count'] },
      ),
    ],
  },
  requires: { type: 'array', items: definition('requirement'), description: 'a list of what must hold' },
  on_failure: definition('hooks'),
  on_change: definition('hooks'),
  on_success: definition('hooks'),
  report: oneOf('', 'drift'),
  paused: yesOrNo('yes or no: do nothing until it is resumed'),
};

/** Text, or `!vault`, which the schema sees as text. */
const secret = text('text, in clear or encrypted with !vault');

const definitions: Readonly<Record<string, JsonSchema>> = {
  variables: {
    type: 'object',
    propertyNames: {
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      description: 'letters, digits and underscores, no digit first',
    },
    description: 'a mapping of variables',
  },
  command: {
    description: 'a command as a list of words, or text for the shell',
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', minItems: 1, items: { type: 'string' } },
    ],
  },
  requirement: exactly(
    {
      schedule: text('the name of a schedule'),
      within: duration('how long ago its success may be, as in 24h'),
      command: definition('command'),
      playbook: text("a playbook's file"),
      timeout: duration(seconds),
    },
    { description: 'a mapping with one of schedule, command and playbook' },
  ),
  hooks: { type: 'array', items: definition('hook'), description: 'a list of commands, webhooks and mails' },
  hook: exactly(
    {
      command: definition('command'),
      webhook: secret,
      method: oneOf('', 'POST', 'PUT', 'GET'),
      headers: { type: 'object', additionalProperties: secret, description: 'a mapping of texts' },
      mail: texts('an address, or a list of addresses'),
      subject: text('the subject of the mail'),
      timeout: duration(seconds),
    },
    { description: 'a mapping with one of command, webhook and mail' },
  ),
  schedule: exactly(
    {
      name: {
        type: 'string',
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
        description: 'letters, digits, dots, dashes and underscores',
      },
      ...keywords,
    },
    { required: ['name', 'playbook', 'schedule'], description: 'a mapping with name, playbook and schedule' },
  ),
};

/** The keywords that all schedules of a file can have in common. */
const common = Object.fromEntries(
  Object.entries(keywords).filter(([name]) => !['description', 'playbook', 'schedule', 'paused'].includes(name)),
);

/** `schedules.yml`. */
export const schedulesSchema = (): JsonSchema => ({
  $schema: draft,
  $id: 'schedules.schema.json',
  title: 'Schedules',
  description: "a mapping with 'schedules'",
  ...exactly(
    {
      defaults: exactly(common, { description: 'a mapping of keywords that hold for all schedules of the file' }),
      mail: exactly(
        {
          host: text('the name of a mail server'),
          port: { type: 'integer', minimum: 1, description: 'a port' },
          secure: yesOrNo('yes or no: TLS from the first byte on'),
          user: text('a name'),
          password: secret,
          from: text('an address'),
        },
        { required: ['host', 'from'], description: 'a mapping with host and from' },
      ),
      schedules: { type: 'array', items: definition('schedule'), description: 'a list of schedules' },
    },
    { required: ['schedules'] },
  ),
  definitions,
});
