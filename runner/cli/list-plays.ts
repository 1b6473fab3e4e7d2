import type { LoadedPlaybook, RunContext } from '../engine/index.ts';
import { renderTags, tagsSelect } from '../engine/tags.ts';
import {
  type BlockNode,
  listNameOf,
  type PlayNode,
  playVars,
  sectionsOf,
  type TaskNode,
  tagsOf,
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
  const scope = new LayeredScope([context.store.extraVars, playVars(play)]);
  const render = (value: Value): Value => context.templar.render(value, scope, { failOnUndefined: false });
  const pattern = render(play.hosts);
  const patternText = Array.isArray(pattern) ? pattern.map(toText) : [toText(pattern)];
  const name = isEmpty(play.name) ? patternText.join(',') : toText(render(play.name));
  const playTags = [...new Set(tagsOf(play).map((tag) => toText(render(tag))))];
  let text = `\n  play #${index + 1} (${patternText.join(',')}): ${name}\tTAGS: [${playTags.join(',')}]\n`;
  if (options.hosts) {
    const hosts = context.catalog.select(pattern);
    text += `    pattern: [${patternText.map((part) => `'${part}'`).join(', ')}]\n    hosts (${hosts.length}):\n`;
    text += hosts.map((host) => `      ${host}\n`).join('');
  }
  if (!options.tasks && !options.tags) return text;
  const tasks = [...listedIn(sectionsOf(play))].filter((task) => isListed(task, render, context));
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

const isEmpty = (name: Value | undefined): name is undefined | null | '' =>
  name === undefined || name === null || name === '';

/** The tasks that are sure to have their turn: those of rescue and always sections are not listed. */
function* listedIn(nodes: Iterable<BlockNode | TaskNode>): Iterable<TaskNode> {
  for (const node of nodes) {
    if (node.kind === 'task') yield node;
    else yield* listedIn(node.block);
  }
}
