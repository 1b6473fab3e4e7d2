import { nameOf } from '../../playbook/index.ts';
import type { Dict } from '../../values/index.ts';
import type { RecordedOutcome } from '../restore/journal.ts';
import { restoreOutcome } from '../restore/outcome-line.ts';
import { Guesses } from './guesses.ts';
import { restoreEffects } from './restore-effects.ts';
import { restoreJob } from './restore-job.ts';
import { namesSet, register } from './run-task.ts';
import { scopeOf } from './scope-of.ts';
import type { Outcome, TaskRun } from './task-run.ts';

/**
 * The outcome that a task had on a host in an earlier run. Variables are as they were behind it; nothing is executed and
 * nothing told. `items` are the items of its loop, where those are recorded one by one.
 */
export const restoreTask = (run: TaskRun, recorded: RecordedOutcome, items: readonly RecordedOutcome[]): Outcome => {
  const name = nameOf(run.task);
  const whole = restoreOutcome(recorded, name);
  const parts = recorded.items === undefined ? [] : items.map((item) => restoreOutcome(item, name));
  for (const part of recorded.items === undefined ? [whole] : parts) {
    restoreEffects(run, part);
    const overlay = overlayOf(part.result);
    restoreJob(run, part.result, scopeOf(run).with(overlay), overlay);
  }
  const withItems = (result: Dict): Dict =>
    recorded.items === undefined ? result : new Map([['results', parts.map(({ seen }) => seen)], ...result]);
  // Of a loop under no_log each item tells what it counts as.
  const seen = recorded.items === undefined ? whole.seen : withItems(whole.result);
  register(run, seen);
  if (run.guessed) new Guesses(run.guessed, run.host).pass(run.receivers, namesSet(run, whole.result), whole.isUnrun);
  return { ...whole, run, result: withItems(whole.result), duration: 0, isReported: true, isAnswered: true };
};

/** The variables that an item of a loop saw besides the others, as its result tells them. */
const overlayOf = (result: Dict): Dict => {
  const overlay: Dict = new Map();
  for (const kind of ['ansible_loop_var', 'ansible_index_var']) {
    const name = result.get(kind);
    if (name === undefined) continue;
    overlay.set(kind, name);
    if (result.has(name)) overlay.set(name, result.get(name)!);
  }
  return overlay;
};
