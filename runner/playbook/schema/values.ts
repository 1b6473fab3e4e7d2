import type { Keyword, KeywordType } from '../keywords.ts';
import { definition, type JsonSchema } from './json-schema.ts';

const template: JsonSchema = { type: 'string', pattern: '\\{\\{|\\{%', description: 'a template' };
const scalar: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] };

/** Either of these, or a template. */
const orTemplate = (description: string, ...schemas: JsonSchema[]): JsonSchema => ({
  description,
  anyOf: [...schemas, definition('template'), { type: 'null' }],
});

/** The kinds of values that keywords have, as definitions of a schema. */
export const valueDefinitions: Readonly<Record<string, JsonSchema>> = {
  template,
  text: { ...scalar, description: 'text' },
  boolean: orTemplate(
    'yes or no',
    { type: 'boolean' },
    { type: 'number', enum: [0, 1] },
    {
      type: 'string',
      pattern: '^(?:[Yy]([Ee][Ss])?|[Nn][Oo]?|[Oo][Nn]|[Oo][Ff][Ff]|[Tt]([Rr][Uu][Ee])?|[Ff]([Aa][Ll][Ss][Ee])?|0|1)$',
    },
  ),
  integer: orTemplate(
    'a whole number',
    { type: ['number', 'boolean'] },
    { type: 'string', pattern: '^\\s*[-+]?\\d[\\d_]*\\s*$' },
  ),
  number: orTemplate(
    'a number',
    { type: ['number', 'boolean'] },
    { type: 'string', pattern: '^\\s*[-+]?(\\d+\\.?\\d*|\\.\\d+)\\s*$' },
  ),
  percent: orTemplate(
    'a number, with or without %',
    { type: 'number' },
    { type: 'string', pattern: '^\\s*\\d+(\\.\\d*)?\\s*%?\\s*$' },
  ),
  list: { type: ['array', 'string', 'number', 'boolean', 'null'], description: 'a list, or a single value' },
  conditions: {
    description: 'an expression or a list of expressions',
    anyOf: [scalar, { type: 'array', items: { type: ['string', 'number', 'boolean', 'null', 'array'] } }],
  },
  names: {
    description: 'a name or a list of names',
    anyOf: [{ type: ['string', 'null'] }, { type: 'array', items: { type: 'string' } }],
  },
  variables: {
    type: ['object', 'null'],
    propertyNames: {
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      description: 'letters, digits and underscores, no digit first',
    },
    description: 'a mapping of variables',
  },
  vars: {
    description: 'a mapping of variables',
    anyOf: [definition('variables'), { type: 'array', items: definition('variables') }],
  },
  mapping: orTemplate('a mapping', { type: 'object' }),
  mappings: {
    description: 'a mapping, or a list of mappings',
    anyOf: [{ type: ['object', 'null'] }, { type: 'array', items: { type: 'object' } }],
  },
  anything: {},
};

/** The schema of a keyword's value. */
export const schemaOfType = (type: KeywordType): JsonSchema => definition(type);

/** The schema of a keyword: its kind, its choices, and what it is for. */
export const schemaOfKeyword = ({ type, doc, choices }: Keyword): JsonSchema => {
  if (choices === undefined) return { ...schemaOfType(type), description: doc };
  return { description: `one of ${choices.join(', ')}`, anyOf: [{ enum: [...choices, null] }, definition('template')] };
};
