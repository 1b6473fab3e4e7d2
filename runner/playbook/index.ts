// Playbooks, roles and task files: from YAML to the typed tree that the engine runs.
export { actionsOfGroup } from './action-groups.ts';
export { isFullName } from './collections.ts';
export type { LoadConfig, LoadContext } from './context.ts';
export { expectsFailure } from './expects-failure.ts';
export * from './inherit.ts';
export { joinArguments, parseKeyValues, splitArguments } from './key-value.ts';
export { keywords } from './keywords.ts';
export { loadIncludedRole, loadIncludedTasks, playOf } from './load-included.ts';
export { loadPlayValue } from './load-play-value.ts';
export { type ReadPlaybook, readPlaybook } from './load-playbook.ts';
export { findPythonPlugin, type PluginKind } from './python-plugins.ts';
export { sortProblems } from './sort-problems.ts';
export type * from './tree.ts';
export * from './yaml/index.ts';
