import type { TaskNode } from '../../playbook/tree.ts';
import { Template, type Value } from '../../values/index.ts';
import type { RunContext } from '../context.ts';
import { findKeyword } from './keywords.ts';
import type { LoopControl } from './loop.ts';
import type { TaskRun } from './task-run.ts';

const ownWays = ['delegate_to', 'async', 'until', 'timeout', 'debugger', 'throttle', 'connection'];

/** Whether anything in a run may look ahead at all. */
export const looksAhead = ({ options, journal }: RunContext): boolean =>
  options.looksAhead && options.taskTimeout <= 0 && !options.debugger && !journal?.past;

/** Whether the items of a loop may look ahead: for modules that look first, and where nothing hangs on the order of looks. */
export const mayLookAhead = async (run: TaskRun, control: LoopControl, count: number): Promise<boolean> => {
  const { context, task, guesses } = run;
  if (!looksAhead(context) || count < 2 || guesses?.areThere || control.pause > 0) return false;
  if (!(await context.module(task.module))?.looksFirst) return false;
  return isPlain(task) && !readsController(task);
};

/** Whether a task is executed in the usual way: by its own host, once, for as long as it takes. */
export const isPlain = (task: TaskNode): boolean => ownWays.every((name) => findKeyword(task, name) === undefined);

/**
 * Whether a task's own texts read files of the controller, which may be what the one before has written where that is the
 * host, or the time.
 */
export const readsController = (task: TaskNode): boolean => textsOf(task).some((text) => reading.test(text));

/** Whether a task's own texts have a word in them. */
export const mentions = (task: TaskNode, word: string): boolean => textsOf(task).some((text) => text.includes(word));

const reading = /\b(lookup|query|q|now)\s*\(|\bstrftime\b|\bis\s+(not\s+)?\w*(file|exists|directory|link|abs|mount)\b/;

const textsOf = (task: TaskNode): string[] =>
  [task.args, ...task.keywords.values(), ...task.vars.values()].flatMap(texts);

const texts = (value: Value): string[] => {
  if (value instanceof Template) return [value.source];
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  return value instanceof Map ? [...value.values()].flatMap(texts) : [];
};
