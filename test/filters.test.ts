import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { TemplateError } from '../runner/errors/index.ts';
import { filters } from '../runner/template/filters/index.ts';
import { type Scope, Templar } from '../runner/template/index.ts';
import { lookups } from '../runner/template/lookups/index.ts';
import { tests } from '../runner/template/tests/index.ts';
import {
  type Dict,
  Float,
  floatText,
  type Json,
  parseJson,
  Template,
  toText,
  type Value,
} from '../runner/values/index.ts';

// The answers are those of ansible-core 2.14 with its collections; see templating/recorded/README.md.
process.env.TZ = 'UTC';

const folder = fileURLToPath(new URL('templating/recorded', import.meta.url));

const load = (value: Value): Value => {
  if (typeof value === 'string') return Template.of(value);
  if (Array.isArray(value)) return value.map(load);
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, load(item)])) : value;
};

const note = (value: Value): Json => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Float) return { float: floatText(value.value) };
  if (typeof value === 'number') return Number.isInteger(value) ? { int: String(value) } : { float: floatText(value) };
  if (typeof value === 'bigint') return { int: String(value) };
  if (Array.isArray(value)) return value.map(note);
  if (value instanceof Set) return { $set: [...value].map((item) => JSON.stringify(note(item))).sort() };
  if (value instanceof Map) return { $dict: [...value].map(([key, item]) => [note(key), note(item)]) };
  return { $obj: toText(value) };
};

// Python puts a blank after the colons of the JSON that stands for a set's items.
const compact = (answer: Json): Json => JSON.parse(JSON.stringify(answer).replaceAll('\\": \\"', '\\":\\"')) as Json;

const recorded = readFileSync(`${folder}/answers.json`, 'utf8');
const variables = load((parseJson(recorded) as Dict).get('vars')!) as Dict;

interface Answer {
  readonly ok?: Json;
  readonly error?: string;
}
const { cases } = JSON.parse(recorded) as { cases: [string, Answer][] };

// More of them, each with a value of its own called x, made at random.
const recordedValues = readFileSync(`${folder}/values.json`, 'utf8');
const valueCases = JSON.parse(recordedValues) as [string, Answer][];
const values = (parseJson(recordedValues) as Value[][]).map(([, , value]) => load(value!));

const scopeOf = (more: Dict): Scope => {
  const all = new Map<Value, Value>([
    ...variables,
    ['ansible_search_path', [folder]],
    ['playbook_dir', folder],
    ...more,
  ]);
  return { get: (name) => all.get(name), names: () => [...all.keys()] as string[], rendered: new Map() };
};

const templar = new Templar({ filters, tests, lookups, searchPath: [folder] });

const check = (expression: string, answer: Answer, more: Dict = new Map()): void => {
  const evaluate = (): Json => note(templar.render(new Template(`{{ ${expression} }}`), scopeOf(more)));
  if (answer.error === undefined) {
    expect(compact(evaluate())).toEqual(compact(answer.ok ?? null));
    return;
  }
  let raised: unknown;
  try {
    evaluate();
  } catch (error) {
    raised = error;
  }
  expect(raised).toBeInstanceOf(TemplateError);
  expect((raised as TemplateError).kind).toBe(answer.error);
};

describe('filters, tests and lookups answer as those of Ansible', () => {
  test.each(cases)('%s', (expression, answer) => check(expression, answer));

  test.each(valueCases.map((entry, index) => [index, ...entry] as const))('value %i: %s', (index, expression, answer) =>
    check(expression, answer, new Map([['x', values[index]!]])),
  );
});
