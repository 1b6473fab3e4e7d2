import type { Setting, SettingType } from '../../config/index.ts';
import { draft, exactly, type JsonSchema } from './json-schema.ts';

const types: Readonly<Record<SettingType, JsonSchema>> = {
  bool: { type: ['boolean', 'string', 'number'] },
  int: { type: ['integer', 'string'] },
  float: { type: ['number', 'string'] },
  str: { type: ['string', 'number', 'boolean'] },
  list: { type: ['string', 'array'] },
  path: { type: 'string' },
  pathlist: { type: ['string', 'array'] },
  pathspec: { type: ['string', 'array'] },
};

/** `ansible.cfg` and `muster.cfg`, as an object of sections; made from the table of settings. */
export const configSchema = (settings: Readonly<Record<string, Setting>>): JsonSchema => {
  const sections = new Map<string, Record<string, JsonSchema>>();
  for (const { ini = [], type, doc, choices } of Object.values(settings)) {
    for (const place of ini) {
      const dot = place.indexOf('.');
      const section = place.slice(0, dot);
      const properties = sections.get(section) ?? {};
      properties[place.slice(dot + 1)] = {
        ...(choices && type !== 'list' ? { enum: choices } : types[type]),
        description: doc,
      };
      sections.set(section, properties);
    }
  }
  return {
    $schema: draft,
    $id: 'config.schema.json',
    title: 'Configuration',
    type: 'object',
    properties: Object.fromEntries(
      [...sections]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([section, properties]) => [section, exactly(sorted(properties))]),
    ),
    additionalProperties: true,
  };
};

const sorted = (properties: Record<string, JsonSchema>): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(properties).sort(([left], [right]) => (left < right ? -1 : 1)));
