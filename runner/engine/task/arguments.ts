import type { Module } from '../../modules/index.ts';
import type { TaskNode } from '../../playbook/tree.ts';
import type { Scope } from '../../template/types.ts';
import { type Dict, omit, type Value } from '../../values/index.ts';
import type { Templating } from '../context.ts';
import { collectKeyword } from './keywords.ts';

/** A task's arguments for one host: defaults of module_defaults below, templates rendered, `omit` left out. */
export const renderArguments = (
  task: TaskNode,
  module: Module | undefined,
  templar: Templating,
  scope: Scope,
): Dict => {
  const given: Dict = new Map();
  for (const defaults of moduleDefaults(task, module, templar, scope)) merge(given, defaults);
  if (task.variableArgs !== undefined) {
    const whole = templar.render(task.variableArgs, scope);
    if (whole instanceof Map) merge(given, whole);
  }
  merge(given, templar.render(task.args, scope) as Dict);
  if (task.freeForm !== undefined) {
    const text = templar.render(task.freeForm, scope);
    // A free form that is one expression may stand for all arguments.
    if (text instanceof Map) merge(given, text);
    else if (text !== null && text !== '') given.set(module?.freeForm ?? '_raw_params', text);
  }
  return withoutOmitted(given) as Dict;
};

const merge = (into: Dict, from: Dict): void => {
  for (const [key, value] of from) into.set(key, value);
};

/** The entries of module_defaults for this module, the outermost first. */
const moduleDefaults = (task: TaskNode, module: Module | undefined, templar: Templating, scope: Scope): Dict[] => {
  const names = new Set([task.action, task.module, ...(module ? [module.name, ...(module.aliases ?? [])] : [])]);
  for (const name of [...names]) {
    const bare = /^ansible\.(?:builtin|legacy)\.(.+)$/.exec(name)?.[1];
    if (bare !== undefined) names.add(bare).add(`ansible.builtin.${bare}`).add(`ansible.legacy.${bare}`);
  }
  return collectKeyword(task, 'module_defaults')
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .flatMap((value) => {
      if (!(value instanceof Map)) return [];
      return [...value].flatMap(([key, defaults]) => {
        if (typeof key !== 'string' || !names.has(key)) return [];
        const rendered = templar.render(defaults, scope);
        return rendered instanceof Map ? [rendered] : [];
      });
    });
};

const withoutOmitted = (value: Value): Value => {
  if (Array.isArray(value))
    return value.includes(omit) || value.some(isContainer)
      ? value.filter((item) => item !== omit).map(withoutOmitted)
      : value;
  if (!(value instanceof Map)) return value;
  const kept: Dict = new Map();
  for (const [key, item] of value) if (item !== omit) kept.set(key, withoutOmitted(item));
  return kept;
};

const isContainer = (value: Value): boolean => value instanceof Map || Array.isArray(value);
