import type { ResultObject } from '../values/index.ts';
import type { ArgumentSpecs, ArgumentsOf } from './arguments.ts';
import type { ActionModule, Diff, ModuleContext, StateModule } from './define.ts';

/** Runs a module once with arguments that were checked, and returns its result. Throws ModuleFailure and the target's errors. */
export const executeModule = async <S extends ArgumentSpecs, State, P>(
  module: StateModule<S, State, P> | ActionModule<S>,
  args: ArgumentsOf<S>,
  context: ModuleContext,
  extra = new Map(),
): Promise<ResultObject> => {
  if (module.kind === 'action') {
    if (context.check && module.supports.check === 'none') {
      // The module that only sends a line tells nothing; the others of the core have this name where they run.
      if (module.name === 'ansible.builtin.raw') return { skipped: true };
      const name = module.name.replace(/^ansible\.builtin\./, 'ansible.legacy.');
      return { skipped: true, msg: `remote module (${name}) does not support check mode` };
    }
    return module.run(args, context, extra);
  }
  const state = await module.probe(args, context);
  const plan = module.diff(state, args, context);
  const applied = plan.changed && !context.check ? await module.apply(plan, args, context, state) : undefined;
  const result: ResultObject = { changed: plan.changed, ...plan.result, ...applied };
  if (plan.diff !== undefined && (context.wantsDiff || module.returnsDiff)) {
    const diffs = (Array.isArray(plan.diff) ? plan.diff : [plan.diff]).map(shownDiff);
    result.diff = module.returnsDiff ? diffs[0] : diffs;
  }
  return result;
};

const shownDiff = ({ before, after, beforeHeader, afterHeader, notes }: Diff): ResultObject => ({
  before,
  after,
  before_header: beforeHeader,
  after_header: afterHeader,
  ...notes,
});
