import { MusterError } from '../errors/index.ts';
import type { TaskNode } from '../playbook/index.ts';
import { toText, type Value } from '../values/index.ts';
import type { Batch } from './batch.ts';
import type { HostState } from './host-state.ts';
import { renderTags } from './tags.ts';
import { includeKind } from './task/include-kind.ts';
import { findKeyword } from './task/keywords.ts';

/** A keyword that cannot be rendered is reported by the task itself. */
export const readQuietly = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (error instanceof MusterError) return undefined;
    throw error;
  }
};

/**
 * Says that a task starts; under `free` once, when the first host comes to it. Nothing is said when it `isQuiet`: the
 * hosts have done it in an earlier run.
 */
export const announce = (batch: Batch, task: TaskNode, hosts: readonly HostState[], isQuiet = false): string => {
  const { run, play } = batch;
  const known = batch.ids.get(task);
  const isShared = known !== undefined && play.keyword('strategy') !== undefined;
  if (isShared && (isQuiet || !batch.untold.has(task))) return known;
  const id = isShared ? known : `${play.number}.${++run.tasks}`;
  batch.ids.set(task, id);
  if (isQuiet) {
    batch.untold.add(task);
    return id;
  }
  batch.untold.delete(task);
  batch.begin();
  const scope = run.scopes.of(hosts[0]!.name, play, task);
  const render = (value: Value): Value =>
    readQuietly(() => run.context.templar.render(value, scope, { failOnUndefined: false })) ?? value;
  run.context.bus.emit({
    type: 'task_started',
    task: id,
    play: play.number,
    name: taskName(task, render),
    module: task.module,
    isHandler: task.isHandler,
    check: findKeyword(task, 'check_mode') === true || run.context.options.check,
    path: `${task.origin.file}:${task.origin.line}`,
    tags: [...renderTags(task, render)],
    hosts: hosts.map(({ name }) => name),
  });
  return id;
};

/**
 * `role : name`, as ansible-playbook shows tasks; the action stands for a name that is not given. An include_role does not
 * show the role that it stands in.
 */
export const taskName = (task: TaskNode, render: (value: Value) => Value): string => {
  const own = isNamed(task) ? toText(render(task.name!)) : unnamed(task);
  return task.role && includeKind(task) !== 'role' ? `${task.role.name} : ${own}` : own;
};

const isNamed = ({ name }: TaskNode): boolean => name !== undefined && name !== null && name !== '';

/** The action, with the role that it brings in. */
const unnamed = (task: TaskNode): string =>
  includeKind(task) === 'role' ? `${task.action} : ${toText(task.args.get('name') ?? '')}` : task.action;
