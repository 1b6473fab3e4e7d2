import { WithheldText } from '../../values/index.ts';
import type { Restored } from '../restore/outcome-line.ts';
import { applyEffects } from './effects.ts';
import { isFailed, isUnreachable } from './result.ts';
import type { TaskRun } from './task-run.ts';

/** Does again what an execution did to the run itself in an earlier run: facts, new hosts and groups. */
export const restoreEffects = (run: TaskRun, { result, isCensored, factsTo }: Restored): void => {
  if (isFailed(result) || isUnreachable(result)) return;
  if (isCensored) {
    withholdFacts(run);
    return;
  }
  const changed = result.get('changed');
  applyEffects(run, result, factsTo);
  if (changed !== undefined) result.set('changed', changed);
};

/** The variables that set_fact set to something that the record does not hold. */
const withholdFacts = ({ task, receivers, context }: TaskRun): void => {
  if (task.module !== 'ansible.builtin.set_fact') return;
  for (const name of task.args.keys()) {
    if (typeof name !== 'string' || name === 'cacheable') continue;
    const reason = `'${name}' was set under no_log and is not in the record`;
    const hint = "'muster resume --rerun-censored' runs such tasks again";
    for (const host of receivers) context.store.set(host, name, new WithheldText(reason, hint));
  }
};
