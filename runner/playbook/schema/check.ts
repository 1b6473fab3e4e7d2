import { createRequire } from 'node:module';
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import { didYouMean, type Origin, type Problem } from '../../errors/index.ts';
import { type Dict, type Json, Template, textOf, toJson, toText, type Value, VaultText } from '../../values/index.ts';
import { keyOriginOf, originOf } from '../yaml/index.ts';
import { inventorySchema } from './inventory.ts';
import type { JsonSchema } from './json-schema.ts';
import { playbookSchema, tasksSchema } from './playbook.ts';
import { argumentSpecsSchema, roleMetaSchema } from './role.ts';

const schemas = {
  playbook: playbookSchema,
  tasks: tasksSchema,
  'role-meta': roleMetaSchema,
  'argument-specs': argumentSpecsSchema,
  inventory: inventorySchema,
} as const;

export type SchemaName = keyof typeof schemas;

let ajv: Ajv | undefined;
const validators = new Map<string, ValidateFunction>();

/** The compiled schema. The validator is loaded when one is used for the first time. */
const validatorOf = (name: string, schema: () => JsonSchema): ValidateFunction => {
  let validator = validators.get(name);
  if (validator === undefined) {
    if (ajv === undefined) {
      const { Ajv } = createRequire(import.meta.url)('ajv') as typeof import('ajv');
      ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strict: false, validateFormats: false });
    }
    validator = ajv.compile(schema());
    validators.set(name, validator);
  }
  return validator;
};

/** Every mistake that a schema finds in a loaded file, with its place. */
export const checkSchema = (name: SchemaName, value: Value, file: string): Problem[] =>
  findMistakes(validatorOf(name, schemas[name]), value, file);

/** The same, by a schema for a file that is not one of Ansible's. */
export const checkBySchema = (name: string, schema: () => JsonSchema, value: Value, file: string): Problem[] =>
  findMistakes(validatorOf(name, schema), value, file);

const findMistakes = (validator: ValidateFunction, value: Value, file: string): Problem[] => {
  if (validator(toPlain(value, 0))) return [];
  const problems = new Map<string, Problem>();
  for (const error of mostTelling(validator.errors ?? [])) {
    const problem = toProblem(error, value, file);
    const { origin } = problem;
    const key = `${origin?.line}:${origin?.column}`;
    if (!problems.has(key)) problems.set(key, problem);
  }
  return [...problems.values()].sort(byPlace);
};

const byPlace = ({ origin: left }: Problem, { origin: right }: Problem): number =>
  (left?.line ?? 0) - (right?.line ?? 0) || (left?.column ?? 0) - (right?.column ?? 0);

const deepest = 64;

/** JSON for the validator: templates stay text, what is encrypted counts as a template. */
const toPlain = (value: Value, depth: number): Json => {
  if (depth > deepest) return null;
  if (value instanceof VaultText) return '{{ vault }}';
  if (value instanceof Template) return value.source;
  if (Array.isArray(value)) return value.map((item) => toPlain(item, depth + 1));
  if (!(value instanceof Map)) return toJson(value);
  const object: { [key: string]: Json } = Object.create(null);
  for (const [key, item] of value) object[toText(key)] = toPlain(item, depth + 1);
  return object;
};

/** Of the errors of alternatives, only that none of them fits: what each of them lacks says little. */
const mostTelling = (errors: readonly ErrorObject[]): ErrorObject[] => {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath);
  return errors.filter(({ keyword, instancePath }) => {
    if (keyword === 'if') return false;
    return keyword === 'anyOf' || !choices.some((path) => instancePath === path || instancePath.startsWith(`${path}/`));
  });
};

const toProblem = (error: ErrorObject, root: Value, file: string): Problem => {
  const place = walk(root, error.instancePath, file);
  const parent = error.parentSchema as JsonSchema | undefined;
  if (error.keyword === 'additionalProperties') {
    const name = String((error.params as { additionalProperty: string }).additionalProperty);
    return {
      message: `'${name}' is not expected here`,
      origin: keyOriginOf(place.value, keyIn(place.value, name)) ?? place.origin,
      hint: didYouMean(name, Object.keys(parent?.properties ?? {})),
    };
  }
  if (error.keyword === 'required' || error.keyword === 'dependencies') {
    const { missingProperty } = error.params as { missingProperty: string };
    return { message: `'${missingProperty}' is missing`, origin: place.origin };
  }
  if (error.keyword === 'propertyNames') {
    const { propertyName } = error.params as { propertyName: string };
    return {
      message: `'${propertyName}' cannot be a name here`,
      origin: keyOriginOf(place.value, keyIn(place.value, propertyName)) ?? place.origin,
      expected: parent?.propertyNames?.description,
    };
  }
  return {
    message: `${shown(place.name, place.value)} does not fit`,
    origin: place.origin,
    expected: parent?.description,
  };
};

const shown = (name: string | undefined, value: Value): string => {
  const text = textOf(value);
  if (name !== undefined && !/^\d+$/.test(name)) return `the value of '${name}'`;
  return text === undefined ? 'the value' : `'${text}'`;
};

interface Place {
  readonly name: string | undefined;
  readonly value: Value;
  readonly origin: Origin;
}

/** Follows a JSON pointer into the loaded value, with the nearest place that is known. */
const walk = (root: Value, pointer: string, file: string): Place => {
  let value = root;
  let name: string | undefined;
  let origin: Origin = originOf(root) ?? { file, line: 1, column: 1 };
  for (const part of pointer.split('/').slice(1)) {
    name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const key: Value = Array.isArray(value) ? Number(name) : keyIn(value, name);
    origin = originOf(value, key) ?? origin;
    const next: Value | undefined = Array.isArray(value)
      ? value[key as number]
      : value instanceof Map
        ? (value as Dict).get(key)
        : undefined;
    if (next === undefined) break;
    value = next;
  }
  return { name, value, origin };
};

/** The key of a mapping that shows as a name: keys need not be text. */
const keyIn = (value: Value, name: string): Value => {
  if (!(value instanceof Map) || value.has(name)) return name;
  for (const key of value.keys()) if (toText(key) === name) return key;
  return name;
};
