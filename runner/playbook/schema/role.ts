import { definition, draft, exactly, type JsonSchema } from './json-schema.ts';
import { roleSchema } from './playbook.ts';
import { valueDefinitions } from './values.ts';

const texts: JsonSchema = { type: ['array', 'null'], items: { type: ['string', 'number'] } };
const prose: JsonSchema = {
  description: 'text, or a list of paragraphs',
  anyOf: [{ type: ['string', 'null'] }, { type: 'array', items: { type: 'string' } }],
};

const platform: JsonSchema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    versions: { type: ['array', 'null'], items: { type: ['string', 'number'] } },
  },
};

/** A role's `meta/main.yml`. */
export const roleMetaSchema = (): JsonSchema => ({
  $schema: draft,
  $id: 'role-meta.schema.json',
  title: 'Role metadata',
  type: ['object', 'null'],
  description: 'a mapping',
  properties: {
    allow_duplicates: { ...definition('boolean'), description: 'Whether the role runs again when it is used again.' },
    dependencies: { type: ['array', 'null'], items: definition('role'), description: 'a list of roles' },
    collections: { ...definition('names'), description: 'Collections in which short names are looked up.' },
    argument_specs: definition('specs'),
    galaxy_info: {
      type: ['object', 'null'],
      description: 'a mapping',
      properties: {
        author: {},
        description: { type: ['string', 'null'] },
        company: { type: ['string', 'null'] },
        license: {},
        min_ansible_version: { type: ['string', 'number', 'null'] },
        role_name: { type: ['string', 'null'] },
        namespace: { type: ['string', 'null'] },
        platforms: { type: ['array', 'null'], items: platform },
        galaxy_tags: texts,
      },
    },
    name: {},
    vars: {},
    environment: {},
    tags: {},
    module_defaults: {},
    standalone: {},
    become: {},
    connection: {},
  },
  additionalProperties: false,
  definitions: { ...valueDefinitions, role: roleSchema(), ...specDefinitions() },
});

const argumentTypes = [
  'str',
  'list',
  'dict',
  'bool',
  'int',
  'float',
  'path',
  'raw',
  'jsonarg',
  'json',
  'bytes',
  'bits',
];
const lists: JsonSchema = { type: 'array', items: { type: 'array', items: { type: 'string' } } };

const specDefinitions = (): Record<string, JsonSchema> => ({
  specs: {
    type: ['object', 'null'],
    description: 'a mapping of entry points',
    additionalProperties: definition('spec'),
  },
  spec: exactly(
    {
      short_description: { type: ['string', 'null'] },
      description: prose,
      version_added: { type: ['string', 'number'] },
      author: prose,
      options: definition('options'),
      seealso: {},
      notes: {},
      examples: {},
      deprecated: {},
      attributes: {},
    },
    { type: ['object', 'null'], description: "a mapping with 'options'" },
  ),
  options: {
    type: ['object', 'null'],
    description: 'a mapping of arguments',
    additionalProperties: definition('option'),
  },
  option: exactly(
    {
      type: { enum: argumentTypes, description: `one of ${argumentTypes.join(', ')}` },
      elements: { enum: argumentTypes, description: `one of ${argumentTypes.join(', ')}` },
      required: definition('boolean'),
      default: {},
      choices: { type: ['array', 'object'], description: 'a list of values' },
      description: prose,
      version_added: { type: ['string', 'number'] },
      options: definition('options'),
      aliases: { type: 'array', items: { type: 'string' }, description: 'a list of names' },
      no_log: definition('boolean'),
      fallback: {},
      apply_defaults: definition('boolean'),
      removed_in_version: {},
      removed_at_date: {},
      removed_from_collection: {},
      deprecated_aliases: {},
      mutually_exclusive: lists,
      required_together: lists,
      required_one_of: lists,
      required_if: { type: 'array' },
      required_by: { type: 'object' },
    },
    { type: ['object', 'null'], description: 'a mapping that describes the argument' },
  ),
});

/** A role's `meta/argument_specs.yml`. */
export const argumentSpecsSchema = (): JsonSchema => ({
  $schema: draft,
  $id: 'argument-specs.schema.json',
  title: 'Argument specs of a role',
  description: "a mapping with 'argument_specs'",
  ...exactly({ argument_specs: definition('specs') }, { required: ['argument_specs'] }),
  definitions: { ...valueDefinitions, ...specDefinitions() },
});
