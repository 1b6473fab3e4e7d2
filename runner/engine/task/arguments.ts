import { MusterError } from '../../errors/index.ts';
import type { Module } from '../../modules/index.ts';
import { actionsOfGroup, parseKeyValues, type TaskNode } from '../../playbook/index.ts';
import { rewording } from '../../template/reword.ts';
import { singleVariable } from '../../template/source-text.ts';
import type { Scope } from '../../template/types.ts';
import {
  copyTextMarks,
  type Dict,
  isOmitted,
  markText,
  Template,
  type TextType,
  Tuple,
  textMark,
  toText,
  type Value,
  VaultText,
  View,
  withTemplates,
} from '../../values/index.ts';
import type { Templating } from '../context.ts';
import { taskEnvironment } from './environment.ts';
import { collectKeyword } from './keywords.ts';

/** A task's arguments for one host: defaults of module_defaults below, templates rendered, `omit` left out. */
export const renderArguments = (
  task: TaskNode,
  module: Module | undefined,
  templar: Templating,
  scope: Scope,
): Dict => {
  const render = (): Dict => renderAll(task, module, templar, scope);
  return module
    ? rewording('The task includes an option with an undefined variable. The error was: ', render)
    : render();
};

/** Arguments that are not given and have their value from the environment that the task sets. */
const addFallbacks = (given: Dict, task: TaskNode, module: Module, templar: Templating, scope: Scope): void => {
  if (!hasFallbacks(module) || collectKeyword(task, 'environment').length === 0) return;
  const environment = taskEnvironment(task, templar, scope);
  for (const [name, { fallback }] of Object.entries(module.args)) {
    const value = fallback === undefined || given.has(name) ? undefined : environment[fallback];
    if (value !== undefined) given.set(name, value);
  }
};

const hasFallbacks = ({ args }: Module): boolean => Object.values(args).some(({ fallback }) => fallback !== undefined);

const renderAll = (task: TaskNode, module: Module | undefined, templar: Templating, scope: Scope): Dict => {
  const given: Dict = new Map();
  for (const defaults of moduleDefaults(task, module, templar, scope)) merge(given, defaults);
  if (task.variableArgs !== undefined) {
    const whole = templar.render(task.variableArgs, scope);
    if (whole instanceof Map) merge(given, whole);
    else throw malformed(task, toText(whole));
  }
  merge(given, renderNamed(task, templar, scope));
  if (task.freeForm !== undefined) {
    const text = templar.render(task.freeForm, scope);
    // A free form that is one expression may stand for all arguments.
    if (text instanceof Map) merge(given, text);
    else if (module && module.freeForm === undefined) merge(given, readWords(task, toText(text)));
    else if (text !== null && text !== '') given.set(module?.freeForm ?? '_raw_params', text);
  }
  if (module) addFallbacks(given, task, module, templar, scope);
  return withoutOmitted(given) as Dict;
};

/** Text behind the name of a module that takes none: key=value words, which were not seen before it was rendered. */
const readWords = (task: TaskNode, text: string): Dict => {
  const { options, raw } = parseKeyValues(text);
  if (raw !== undefined && raw.trim() !== '') {
    throw malformed(task, raw.trim());
  }
  return new Map(options);
};

const malformed = (task: TaskNode, text: string): MusterError =>
  new MusterError({
    message: `${task.action}: invalid or malformed argument: '${text}'`,
    origin: task.places.get(task.action) ?? task.origin,
    expected: 'arguments as a mapping, or as key=value words',
  });

const merge = (into: Dict, from: Dict): void => {
  for (const [key, value] of from) {
    into.set(key, value);
    markText(into, key, textMark(from, key));
  }
};

/** The arguments that stand in the task. Those of set_fact may be named by a template. */
const renderNamed = (task: TaskNode, templar: Templating, scope: Scope): Dict => {
  if (task.module === 'ansible.builtin.assert') return renderAssertion(task, templar, scope);
  const rendered = templar.render(task.args, scope) as Dict;
  if (task.module !== 'ansible.builtin.set_fact') return rendered;
  const named: Dict = new Map();
  // What lookups gave as items, and all that is found by them, is data.
  const revived = task.loop?.lookup === undefined ? (withTemplates(rendered) as Dict) : rendered;
  for (const [key, value] of revived) {
    const isTemplate = typeof key === 'string' && Template.needed(key);
    const name = isTemplate ? templar.render(new Template(key, task.origin), scope) : key;
    const written = task.args.get(key);
    // What is encrypted is kept so.
    named.set(name, written instanceof VaultText ? written : value);
    markText(named, name, textMark(rendered, key) ?? typeOfText(written, value, scope));
  }
  return named;
};

/** What Ansible's type of a text is that a fact is set to, where that is not the type of text in a file. */
const typeOfText = (written: Value | undefined, value: Value, scope: Scope): TextType | undefined => {
  if (typeof value !== 'string' || !(written instanceof Template)) return undefined;
  const variable = singleVariable(written.source);
  if (variable === undefined) return 'str';
  return scope.isFromHost?.(variable) ? 'AnsibleUnsafeText' : scope.textMark?.(variable);
};

/** The conditions of an assert stay as they are written: they are rendered when they are judged. */
const renderAssertion = (task: TaskNode, templar: Templating, scope: Scope): Dict => {
  const that = task.args.get('that');
  const others = new Map([...task.args].filter(([key]) => key !== 'that'));
  const rendered = new Map(templar.render(others, scope) as Dict);
  if (that === undefined) return rendered;
  const value = that instanceof Template ? templar.render(that, scope) : that;
  return rendered.set('that', Array.isArray(value) ? value : that);
};

/** The entries of module_defaults for this module: those of its groups, then its own. Of each the innermost counts, whole. */
const moduleDefaults = (task: TaskNode, module: Module | undefined, templar: Templating, scope: Scope): Dict[] => {
  const levels = collectKeyword(task, 'module_defaults')
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter((value) => value instanceof Map);
  if (levels.length === 0) return [];
  const names = namesOf(task, module);
  const groups = new Map<string, Value>();
  let own: Value | undefined;
  for (const level of levels) {
    for (const [key, value] of level) {
      if (typeof key !== 'string') continue;
      if (names.has(key)) own = value;
      else if (isAnyIn(names, actionsOfGroup(level, key))) groups.set(key, value);
    }
  }
  return [...groups.values(), own]
    .map((value) => (value === undefined ? value : templar.render(value, scope)))
    .filter((value) => value instanceof Map);
};

const isAnyIn = (names: Iterable<string>, actions: ReadonlySet<string> | undefined): boolean =>
  actions !== undefined && [...names].some((name) => actions.has(name));

/** All names that module_defaults may call the module of a task by. */
const namesOf = (task: TaskNode, module: Module | undefined): ReadonlySet<string> => {
  const names = new Set([task.action, task.module, ...(module ? [module.name, ...(module.aliases ?? [])] : [])]);
  for (const name of [...names]) {
    const bare = /^ansible\.(?:builtin|legacy)\.(.+)$/.exec(name)?.[1];
    if (bare !== undefined) names.add(bare).add(`ansible.builtin.${bare}`).add(`ansible.legacy.${bare}`);
  }
  return names;
};

// What holds nothing that is omitted, and no tuples, which become lists, stays as it is.
const withoutOmitted = (value: Value): Value => {
  if (!needsCopy(value)) return value;
  if (Array.isArray(value)) return value.filter((item) => !isOmitted(item)).map(withoutOmitted);
  if (!(value instanceof Map)) return value;
  const kept: Dict = new Map();
  for (const [key, item] of value) if (!isOmitted(item)) kept.set(key, withoutOmitted(item));
  copyTextMarks(value, kept);
  return kept;
};

const needsCopy = (value: Value): boolean => {
  if (value instanceof Map) {
    for (const item of value.values()) if (needsCopy(item)) return true;
    return false;
  }
  if (!Array.isArray(value)) return isOmitted(value);
  return value instanceof Tuple || value instanceof View || value.some(needsCopy);
};
