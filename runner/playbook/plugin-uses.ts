import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Origin, Problem } from '../errors/index.ts';
import { Template, type Value } from '../values/index.ts';
import type { LoadContext } from './context.ts';
import { expectsFailure } from './expects-failure.ts';
import { sectionsOf, tasksOf } from './inherit.ts';
import { findPythonPlugin } from './python-plugins.ts';
import { around } from './scope.ts';
import type { BlockNode, PlayNode, TaskNode } from './tree.ts';
import { originOf } from './yaml/index.ts';

const kinds = ['filter', 'test', 'lookup'] as const;
type Kind = (typeof kinds)[number];

/** How a plugin is named in a template. */
const uses: Readonly<Record<Kind, RegExp>> = {
  filter: /\|\s*([A-Za-z_][\w.]*)/g,
  test: /\bis\s+(?:not\s+)?([A-Za-z_][\w.]*)/g,
  lookup: /\b(?:lookup|query|q)\(\s*['"]([\w.]+)['"]/g,
};

/**
 * The filters, tests and lookups of a play that only a Python file beside it defines, which muster does not run. What a
 * task is there to fail with is left to the run.
 */
export const findPluginUses = (play: PlayNode, context: LoadContext): Problem[] => {
  const tasks = [...tasksOf([...sectionsOf(play), ...play.handlers])];
  const roles = new Set(tasks.flatMap(({ role }) => (role ? [role, ...role.dependents] : [])));
  const folders = [dirname(play.file), ...[...roles].map(({ path }) => path)].filter(hasPlugins);
  if (folders.length === 0) return [];
  const problems: Problem[] = [];
  const search = (text: string, origin: Origin | undefined): void => {
    for (const kind of kinds) {
      for (const [, name = ''] of text.matchAll(uses[kind])) {
        if (isKnown(kind, name, context)) continue;
        const path = findPythonPlugin(kind, name, folders);
        if (path !== undefined) problems.push(toProblem(kind, name, path, origin));
      }
    }
  };
  for (const node of nodesOf(play, tasks)) searchNode(node, search);
  for (const role of roles) for (const vars of [role.defaults, role.vars, role.params]) searchIn(vars, search);
  return problems;
};

type Search = (text: string, origin: Origin | undefined) => void;

/** The play, and every task and block that does not expect to fail. */
const nodesOf = (play: PlayNode, tasks: readonly TaskNode[]): Set<PlayNode | BlockNode | TaskNode> => {
  const nodes = new Set<PlayNode | BlockNode | TaskNode>([play]);
  for (const task of tasks) if (!expectsFailure(task)) for (const node of around(task)) nodes.add(node);
  return nodes;
};

const conditions = new Set(['when', 'changed_when', 'failed_when', 'until']);

const searchNode = (node: PlayNode | BlockNode | TaskNode, search: Search): void => {
  searchIn(node.vars, search);
  for (const [name, value] of node.keywords) {
    searchIn(value, search, conditions.has(name), node.places.get(name) ?? node.origin);
  }
  if (node.kind !== 'task') return;
  for (const value of [node.args, node.variableArgs, node.freeForm, node.loop?.value]) {
    if (value !== undefined) searchIn(value, search, node.module === 'ansible.builtin.assert', node.origin);
  }
};

/** Searches all templates in a value, and all its texts where these are expressions. */
const searchIn = (value: Value, search: Search, isExpression = false, origin?: Origin): void => {
  if (value instanceof Template) {
    // What is around the expressions may be a shell's pipes.
    const parts = value.source.match(/\{\{.*?\}\}|\{%.*?%\}/gs) ?? [];
    search(parts.join(' '), value.origin ?? origin);
  } else if (typeof value === 'string') {
    if (isExpression) search(value, origin);
  } else if (Array.isArray(value) || value instanceof Map) {
    for (const [key, item] of value.entries()) searchIn(item, search, isExpression, originOf(value, key) ?? origin);
  }
};

const isKnown = (kind: Kind, name: string, context: LoadContext): boolean => {
  if (kind === 'lookup') return context.hasLookup(name);
  return (kind === 'filter' ? context.hasFilter?.(name) : context.hasTest?.(name)) ?? true;
};

const toProblem = (kind: Kind, name: string, path: string, origin: Origin | undefined): Problem => ({
  message: `the ${kind} '${name}' is written in Python (${path})`,
  origin,
  hint: `muster runs no Python plugins; it brings the ${kind}s of Ansible and the daily ones of community.general`,
});

const hasPlugins = (folder: string): boolean =>
  kinds.some((kind) => [join(folder, `${kind}_plugins`), join(folder, 'plugins', kind)].some(hasPython));

const hasPython = (folder: string): boolean => {
  try {
    return readdirSync(folder).some((name) => name.endsWith('.py'));
  } catch {
    return false;
  }
};
