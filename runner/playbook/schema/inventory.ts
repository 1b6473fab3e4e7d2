import { choose, definition, draft, exactly, type JsonSchema } from './json-schema.ts';

const named = (schema: JsonSchema, description: string): JsonSchema => ({
  type: ['object', 'null'],
  description,
  additionalProperties: schema,
});

/** An inventory in YAML: groups by their names. */
export const inventorySchema = (): JsonSchema => ({
  $schema: draft,
  $id: 'inventory.schema.json',
  title: 'Inventory',
  description: 'a mapping of groups',
  type: 'object',
  // A file that names a plugin is its configuration and not a list of groups.
  ...choose(
    { required: ['plugin'] },
    { properties: { plugin: { type: 'string', description: "a plugin's name" } } },
    { additionalProperties: definition('group') },
  ),
  definitions: {
    group: exactly(
      {
        hosts: {
          ...named(
            { type: ['object', 'null'], description: "a mapping of the host's variables" },
            'a mapping of hosts',
          ),
          type: ['object', 'string', 'null'],
        },
        vars: named({}, 'a mapping of variables'),
        children: { ...named(definition('group'), 'a mapping of groups'), type: ['object', 'string', 'null'] },
      },
      { type: ['object', 'null'], description: "a mapping with 'hosts', 'vars' and 'children'" },
    ),
  },
});
