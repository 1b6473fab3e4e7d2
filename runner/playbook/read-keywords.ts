import { didYouMean, type Origin, type Problem } from '../errors/index.ts';
import { type Dict, Template, toText, type Value } from '../values/index.ts';
import { readActionGroups } from './action-groups.ts';
import { isVariableName, kindOf, misfit } from './check-value.ts';
import { expectsFailure } from './expects-failure.ts';
import { type KeywordType, keywordOf, keywordsOf, type Place } from './keywords.ts';
import { type Loading, placeOf } from './loading.ts';
import type { BlockNode, TaskNode } from './tree.ts';
import { keyOriginOf, originOf } from './yaml/index.ts';

/** The keywords that stand on a node, checked and in the form that the tree has them. */
export interface ReadKeywords {
  readonly name: Value | undefined;
  readonly vars: Dict;
  readonly keywords: Map<string, Value>;
  readonly places: Map<string, Origin>;
}

// Keywords that have a field of their own in the tree, or that the loader works off.
const structural = new Set([
  ...['name', 'vars', 'hosts', 'vars_files', 'vars_prompt', 'roles', 'handlers', 'pre_tasks', 'tasks', 'post_tasks'],
  ...['block', 'rescue', 'always', 'action', 'local_action', 'args', 'loop', 'role', 'import_playbook', 'user'],
]);

/** The name of a thing in messages. */
const placeNames: Readonly<Record<Place, string>> = {
  play: 'a play',
  role: 'a role',
  block: 'a block',
  task: 'a task',
  handler: 'a handler',
  import_playbook: 'import_playbook',
};

/**
 * Reads the keywords of a mapping. Those for which `skips` is true are somebody else's business; unknown ones and values
 * of the wrong kind are reported. `bearer` is the task or block that gets them, once it is made.
 */
export const readKeywords = (
  loading: Loading,
  map: Dict,
  place: Place,
  file: string,
  skips: (key: string) => boolean = () => false,
  bearer: () => TaskNode | BlockNode | undefined = () => undefined,
): ReadKeywords => {
  const read: ReadKeywords = {
    name: map.get('name'),
    vars: readVars(loading, map, file),
    keywords: new Map(),
    places: new Map(),
  };
  const known = keywordsOf(place);
  for (const [key, value] of map) {
    const origin = originOf(map, key) ?? placeOf(map, file);
    if (typeof key === 'string') {
      read.places.set(key, origin);
      if (skips(key)) continue;
      if (known.has(key)) {
        checkKeyword(loading, key, value, origin, bearer);
        if (key === 'module_defaults') readActionGroups(loading, value, origin);
        if (!structural.has(key)) read.keywords.set(key, normalize(key, value));
        continue;
      }
    }
    reportUnknown(loading, toText(key), place, keyOriginOf(map, key) ?? origin);
  }
  return read;
};

/** What is said of sections, in Ansible's terms. */
const malformed: Partial<Record<KeywordType, (name: string, value: Value) => string>> = {
  tasks: (name, value) =>
    `A malformed block was encountered while loading ${name}: ${shortened(toText(value))} should be a list or None`,
  roles: (_name, value) => `A malformed role declaration was encountered: ${shortened(toText(value))}`,
};

const shortened = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 60)}…`);

// Kinds that the engine reads when the task runs.
const readLater = new Set(['boolean', 'integer', 'number']);

const checkKeyword = (
  loading: Loading,
  name: string,
  value: Value,
  origin: Origin,
  bearer: () => TaskNode | BlockNode | undefined,
): void => {
  const keyword = keywordOf(name)!;
  if (keyword.type === 'vars') return;
  const expected = misfit(keyword.type, value, keyword.isStatic);
  if (expected !== undefined) {
    const message = malformed[keyword.type]?.(name, value) ?? `'${name}' is ${kindOf(value)}`;
    const problem = { message, origin, expected, hint: hintForValue(name, value) };
    const isExpected = (): boolean => {
      const node = bearer();
      return node !== undefined && readLater.has(keyword.type) && expectsFailure(node);
    };
    loading.reportUnless(isExpected, problem);
  } else if (keyword.choices && typeof value === 'string' && !keyword.choices.includes(value)) {
    loading.report({
      message: `'${name}' is '${value}'`,
      origin,
      expected: `one of ${keyword.choices.filter((choice) => !choice.includes('.')).join(', ')}`,
      hint: didYouMean(value, keyword.choices),
    });
  }
};

const hintForValue = (name: string, value: Value): string | undefined => {
  if (['when', 'changed_when', 'failed_when', 'until'].includes(name) && value instanceof Map) {
    return 'quote an expression that holds a colon or begins with {{';
  }
  return value instanceof Template ? 'this is needed before the run and cannot be a template' : undefined;
};

const renamed: Readonly<Record<string, string>> = {
  sudo: 'become',
  sudo_user: 'become_user',
  su: 'become',
  su_user: 'become_user',
  include: 'import_playbook',
  first_available_file: 'with_first_found',
  always_run: 'check_mode: no',
  only_if: 'when',
};

// What people and their tools know the places by in Ansible's words.
const classNames: Readonly<Record<Place, string>> = {
  play: 'a Play',
  role: 'a Role',
  block: 'a Block',
  task: 'a Task',
  handler: 'a Handler',
  import_playbook: 'a PlaybookInclude',
};

const reportUnknown = (loading: Loading, name: string, place: Place, origin: Origin): void => {
  const problem: Problem = {
    message: `'${name}' is not a valid attribute for ${classNames[place]}`,
    origin,
    hint: hintForUnknown(name, place),
  };
  const isTask = place === 'task' || place === 'handler';
  if (isTask && loading.context.config.failOnUnknownKeyword === false) {
    loading.context.warn(`${problem.message} and is ignored`, origin);
  } else loading.report(problem);
};

const hintForUnknown = (name: string, place: Place): string | undefined => {
  if (name.startsWith('with_')) return `there is no lookup '${name.slice('with_'.length)}' to loop with`;
  if (Object.hasOwn(renamed, name)) return `its name is now '${renamed[name]}'`;
  const known = keywordOf(name);
  if (known) return `it can stand on ${known.places.map((other) => placeNames[other]).join(', ')}`;
  return didYouMean(name, keywordsOf(place));
};

/** The form in which the tree holds a keyword: tags, conditions and handlers' topics are lists. */
const normalize = (name: string, value: Value): Value => {
  if (name === 'tags') return readTags(value);
  if (name === 'when') return value === null ? [] : Array.isArray(value) ? value : [value];
  if (name === 'listen' || name === 'notify' || name === 'collections') {
    return value === null ? [] : Array.isArray(value) ? value : [value];
  }
  return value;
};

/** `tags: a, b` or a list; a text that is one template stays whole. */
const readTags = (value: Value): Value[] => {
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  if (value instanceof Template) {
    return splitOutsideBraces(value.source).map((part) => Template.of(part, value.origin));
  }
  return typeof value === 'string' ? value.split(',').map((tag) => tag.trim()) : [value];
};

const splitOutsideBraces = (text: string): string[] =>
  (text.match(/(?:\{\{.*?\}\}|\{%.*?%\}|[^,])+/gs) ?? [text]).map((part) => part.trim());

/** `vars:` of a node: a mapping, or a list of mappings. */
const readVars = (loading: Loading, map: Dict, file: string): Dict => {
  const value = map.get('vars');
  if (value === undefined || value === null) return new Map();
  const origin = originOf(map, 'vars') ?? placeOf(map, file);
  const expected = misfit('vars', value, true);
  if (expected !== undefined) {
    loading.report({ message: `'vars' is ${kindOf(value)}`, origin, expected });
    return new Map();
  }
  const parts = (Array.isArray(value) ? value : [value]) as Dict[];
  for (const part of parts) {
    for (const name of part.keys()) {
      if (isVariableName(name)) continue;
      loading.report({
        message: `'${toText(name)}' cannot be the name of a variable`,
        origin: keyOriginOf(part, name) ?? origin,
        expected: 'letters, digits and underscores, no digit first, and no word of Python',
      });
    }
  }
  return parts.length === 1 ? parts[0]! : new Map(parts.flatMap((part) => [...part]));
};
