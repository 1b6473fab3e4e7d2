import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { TemplateError } from '../runner/errors/index.ts';
import { builtinFilters } from '../runner/template/filters/index.ts';
import { type RenderFileOptions, type Scope, Templar } from '../runner/template/index.ts';
import { builtinLookups as lookups } from '../runner/template/lookups/index.ts';
import { builtinTests as tests } from '../runner/template/tests/index.ts';
import {
  type Dict,
  Float,
  floatText,
  type Json,
  PyObject,
  parseJson,
  Template,
  toText,
  type Value,
} from '../runner/values/index.ts';

// The answers are those of ansible-core 2.14 without collections; see templating/README.md. Dates in them are in UTC.
process.env['TZ'] = 'UTC';

const folder = fileURLToPath(new URL('templating/', import.meta.url));

/** A value of the cases as the loader of playbooks reads it: text with Jinja2 in it is a Template. */
const load = (value: Value): Value => {
  if (typeof value === 'string') return Template.of(value);
  if (Array.isArray(value)) return value.map(load);
  if (!(value instanceof Map)) return value;
  return new Map([...value].map(([key, item]) => [key, load(item)]));
};

// Sets have no order.
const sorted = (items: Json[]): Json[] => items.map((item) => JSON.stringify(item)).sort();

/** A value in the notation of the cases, with floats told from integers. */
const note = (value: Value): Json => {
  if (value instanceof Float)
    return Number.isFinite(value.value) ? { float: floatText(value.value) } : { $float: floatText(value.value) };
  if (typeof value === 'number') return Number.isInteger(value) ? value : { float: floatText(value) };
  if (typeof value === 'bigint') return { $int: String(value) };
  if (Array.isArray(value)) return value.map(note);
  if (value instanceof Set) return { $set: sorted([...value].map(note)) };
  if (value instanceof PyObject) return toText(value);
  if (!(value instanceof Map)) return value as Json;
  if (value.has('$set')) return { $set: sorted((value.get('$set') as Value[]).map(note)) };
  if ([...value.keys()].every((key) => typeof key === 'string')) {
    return Object.fromEntries([...value].map(([key, item]) => [key as string, note(item)]));
  }
  return { $dict: [...value].map(([key, item]) => [note(key), note(item)]) };
};

const scopeOf = (vars: Dict): Scope => {
  const hidden = new Map<string, Value>([
    ['ansible_search_path', [folder]],
    ['playbook_dir', folder],
  ]);
  return {
    get: (name) => vars.get(name) ?? (vars.has(name) ? null : hidden.get(name)),
    names: () => [...vars.keys()] as string[],
    rendered: new Map(),
  };
};

const templar = new Templar({ filters: builtinFilters, tests, lookups, searchPath: [folder] });

const optionNames: Readonly<Record<string, keyof RenderFileOptions>> = {
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  newline_sequence: 'newlineSequence',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
};

const run = (entry: Dict): Json => {
  const scope = scopeOf(load(entry.get('vars')!) as Dict);
  const template = entry.get('template')!;
  switch (entry.get('kind')) {
    case 'conditional':
      return note(templar.conditionValue(load(template), scope));
    case 'file': {
      const options = [...((entry.get('options') as Dict | undefined) ?? [])];
      return templar.renderFile(template as string, scope, {
        file: 'case.j2',
        searchPath: [`${folder}templates`, folder],
        ...Object.fromEntries(options.map(([name, value]) => [optionNames[name as string], value])),
      });
    }
    default:
      return note(templar.render(load(template), scope));
  }
};

const cases = parseJson(
  readFileSync(process.env['MUSTER_TEMPLATING_CASES'] ?? `${folder}public.json`, 'utf8'),
) as Dict[];

// More of them, made at random, with one set of variables for all.
const mixed = parseJson(readFileSync(`${folder}recorded/mixed.json`, 'utf8')) as Dict;
for (const entry of mixed.get('cases') as Dict[]) cases.push(new Map([...entry, ['vars', mixed.get('vars')!]]));

describe('templates mean what they mean to Ansible', () => {
  test.each(cases.map((entry) => [entry.get('id') as string, entry] as const))('%s', (_id, entry) => {
    const expected = entry.get('expect') as Dict;
    if (expected.has('ok')) {
      expect(run(entry)).toEqual(note(expected.get('ok')!));
      return;
    }
    let raised: unknown;
    try {
      run(entry);
    } catch (error) {
      raised = error;
    }
    expect(raised).toBeInstanceOf(TemplateError);
    expect((raised as TemplateError).kind).toBe(expected.get('error'));
  });
});
