import type { LoadedPlaybook } from '../../engine/index.ts';
import { rolesOf } from '../../engine/root-block.ts';
import { type PlayNode, type RoleNode, sectionsOf, type TaskNode, tasksOf } from '../../playbook/index.ts';
import type { Dict } from '../../values/index.ts';
import { playRoleDefaults, playRoleVars, taskLayers } from '../../variables/index.ts';

/** Variables that stand in sources, by where they count. */
export interface SourceLevels {
  /** Stronger than what tasks set. */
  readonly params: readonly Level[];
  /** Weaker than that, and stronger than facts and the inventory. */
  readonly vars: readonly Level[];
  /** Weaker than everything else. */
  readonly defaults: readonly Level[];
}

export interface Level {
  readonly name: string;
  readonly variables: Dict;
}

const noLevels: SourceLevels = { params: [], vars: [], defaults: [] };

/** What a task, as far as it stands in the playbooks themselves, its roles and its play give its hosts. */
export const levelsAt = (playbooks: readonly LoadedPlaybook[], path: string | undefined): SourceLevels => {
  const found = path === undefined ? undefined : findTask(playbooks, path);
  if (!found) return noLevels;
  const { play, task } = found;
  const layers = taskLayers(task);
  const named = (name: string, all: readonly unknown[]): Level[] =>
    // What playbooks are made of is mappings; only what is worked out while they run is not.
    all.flatMap((variables) => (variables instanceof Map ? [{ name, variables: variables as Dict }] : []));
  const roles: readonly RoleNode[] = rolesOf(play);
  return {
    params: named('parameters', layers.params),
    vars: [
      ...named('task vars', layers.vars),
      ...named('role vars', [...new Set([...layers.roleVars, ...playRoleVars(roles, true)])]),
      ...named('play vars', [play.vars, ...play.imports.map(({ vars }) => vars)]),
    ],
    defaults: named('role defaults', [...new Set([...layers.roleDefaults, ...playRoleDefaults(roles, true)])]),
  };
};

const findTask = (
  playbooks: readonly LoadedPlaybook[],
  path: string,
): { readonly play: PlayNode; readonly task: TaskNode } | undefined => {
  for (const { plays } of playbooks) {
    for (const play of plays) {
      for (const task of tasksOf([...sectionsOf(play), ...play.handlers])) {
        if (`${task.origin.file}:${task.origin.line}` === path) return { play, task };
      }
    }
  }
  return undefined;
};
