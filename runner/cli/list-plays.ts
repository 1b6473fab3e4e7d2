import type { LoadedPlaybook, RunContext } from '../engine/index.ts';
import { renderTags, tagsSelect } from '../engine/tags.ts';
import {
  listNameOf,
  type PlayNode,
  playNameOf,
  sectionsOf,
  type TaskNode,
  tagsOf,
  tasksOf,
} from '../playbook/index.ts';
import { toText, type Value } from '../values/index.ts';
import { LayeredScope } from '../variables/index.ts';

export interface ListOptions {
  readonly hosts: boolean;
  readonly tasks: boolean;
  readonly tags: boolean;
}

/** What --list-hosts, --list-tasks and --list-tags show, in ansible-playbook's form. */
export const listPlays = (playbooks: readonly LoadedPlaybook[], context: RunContext, options: ListOptions): string =>
  playbooks
    .map(
      ({ file, plays }) =>
        `\nplaybook: ${file}\n${plays.map((play, index) => listPlay(play, index, context, options)).join('')}`,
    )
    .join('');

const listPlay = (play: PlayNode, index: number, context: RunContext, options: ListOptions): string => {
  const scope = new LayeredScope([context.store.extraVars, play.vars]);
  const render = (value: Value): Value => context.templar.render(value, scope, { failOnUndefined: false });
  const pattern = render(play.hosts);
  const patternText = Array.isArray(pattern) ? pattern.map(toText) : [toText(pattern)];
  const playTags = [...new Set(tagsOf(play).map((tag) => toText(render(tag))))];
  let text = `\n  play #${index + 1} (${patternText.join(',')}): ${playNameOf(play)}\tTAGS: [${playTags.join(',')}]\n`;
  if (options.hosts) {
    const hosts = context.catalog.select(pattern);
    text += `    pattern: [${patternText.map((part) => `'${part}'`).join(', ')}]\n    hosts (${hosts.length}):\n`;
    text += hosts.map((host) => `      ${host}\n`).join('');
  }
  if (!options.tasks && !options.tags) return text;
  const tasks = [...tasksOf(sectionsOf(play))].filter((task) => isListed(task, render, context));
  const tagSets = tasks.map((task) => [...renderTags(task, render)].sort());
  if (options.tasks) {
    text += '    tasks:\n';
    text += tasks.map((task, at) => `      ${listNameOf(task)}\tTAGS: [${tagSets[at]!.join(', ')}]\n`).join('');
  }
  if (options.tags) text += `      TASK TAGS: [${[...new Set(tagSets.flat())].sort().join(', ')}]\n`;
  return text;
};

const isListed = (task: TaskNode, render: (value: Value) => Value, { options }: RunContext): boolean =>
  !task.isImplicit && tagsSelect(renderTags(task, render), options.tags, options.skipTags);
