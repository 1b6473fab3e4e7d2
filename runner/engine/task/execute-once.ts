import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../../connection/index.ts';
import { InterruptedError, ModuleFailure, MusterError } from '../../errors/index.ts';
import { executeModule, type Module, type ModuleContext, readArguments } from '../../modules/index.ts';
import { inherited } from '../../playbook/index.ts';
import type { Scope } from '../../template/types.ts';
import { type Dict, dict, type Result, type ResultObject, toText, toValue, type Value } from '../../values/index.ts';
import type { LayeredScope } from '../../variables/index.ts';
import { connectionSpec } from '../connection-spec.ts';
import { resolveAction } from './action.ts';
import { renderArguments } from './arguments.ts';
import { conditionsHold, holds } from './conditions.ts';
import { taskController } from './controller.ts';
import { applyEffects } from './effects.ts';
import { taskEnvironment } from './environment.ts';
import { asForetold } from './foretell.ts';
import { includeKind } from './include-kind.ts';
import { TaskKeywords } from './keywords.ts';
import { LiveOutput } from './live-output.ts';
import {
  completeResult,
  errorResult,
  isChanged,
  isFailed,
  isSkipped,
  isUnreachable,
  shownResult,
  skippedResult,
} from './result.ts';
import { type AsyncSettings, runAsync } from './run-async.ts';
import { hideSecretArguments } from './secret-arguments.ts';
import type { Execution, TaskRun } from './task-run.ts';
import { taskTarget } from './task-target.ts';
import { inTime } from './time-limit.ts';
import { withVariableHint } from './undefined-hint.ts';
import { Warnings } from './warnings.ts';

/** Executes a task on a host once: with the variables of `scope`, which hold the item when it is in a loop. */
export const executeOnce = async (run: TaskRun, scope: LayeredScope, overlay: Dict): Promise<Execution> =>
  asForetold(await execute(run, scope, overlay), run.guesses);

const execute = async (run: TaskRun, scope: LayeredScope, overlay: Dict): Promise<Execution> => {
  const { templar, options } = run.context;
  const keywords = new TaskKeywords(run.task, templar, scope);
  let settings: Settings = { noLog: options.noLog, showsDiff: options.diff, check: options.check, isIgnored: false };
  try {
    settings = { ...settings, noLog: keywords.boolean('no_log') ?? options.noLog };
    if (!conditionsHold(run.task, run.context, scope)) return { ...settings, result: skippedResult() };
    settings = readSettings(keywords, settings);
    const kind = includeKind(run.task);
    if (kind) {
      const args = renderArguments(run.task, undefined, templar, scope);
      return { ...settings, result: dict({ changed: false }), include: { kind, args, overlay, label: undefined } };
    }
    return await executeModuleTask(run, scope, overlay, keywords, settings);
  } catch (error) {
    const isIgnored = settings.isIgnored || (keywords.boolean('ignore_errors') ?? false);
    const result = completeResult(errorResult(withVariableHint(error, scope)));
    return { ...settings, result, isIgnored, isUnfit: true };
  }
};

interface Settings {
  readonly noLog: boolean;
  readonly showsDiff: boolean;
  readonly check: boolean;
  readonly isIgnored: boolean;
}

const readSettings = (keywords: TaskKeywords, settings: Settings): Settings => ({
  ...settings,
  check: keywords.boolean('check_mode') ?? settings.check,
  showsDiff: keywords.boolean('diff') ?? settings.showsDiff,
  isIgnored: keywords.boolean('ignore_errors') ?? false,
});

const executeModuleTask = async (
  run: TaskRun,
  scope: LayeredScope,
  overlay: Dict,
  keywords: TaskKeywords,
  settings: Settings,
): Promise<Execution> => {
  const { task, context } = run;
  const action = resolveAction(task, context.templar, scope);
  const module = await context.module(action.name);
  if (!module) throw new MusterError({ message: `there is no module '${action.name}'`, origin: task.origin });
  const delegatedTo = keywords.text('delegate_to');
  const factsTo = delegatedTo !== undefined && keywords.boolean('delegate_facts') ? delegatedTo : undefined;
  const given = renderArguments(action.task, module, context.templar, scope);
  const attempt = async (): Promise<Dict> => {
    const warnings = new Warnings();
    try {
      const { values, extra } = readArguments(module, given);
      hideSecretArguments(module, values as ResultObject, context.addSecret);
      const target =
        module.kind === 'action' && module.onController
          ? noTarget
          : await openTarget(run, scope, overlay, keywords, delegatedTo);
      const live = new LiveOutput((stream, lines) => {
        if (!settings.noLog && !run.job?.hasBegun)
          context.bus.emit({ type: 'output', task: run.id, host: run.host, stream, lines });
      });
      const moduleContext = makeModuleContext(run, scope, settings, target, live, warnings);
      try {
        const seconds = keywords.number('timeout') ?? context.options.taskTimeout;
        const work = async (on: Target): Promise<Dict> => {
          const result = await inTime(seconds, task.action, context.signal, (signal) =>
            executeModule(
              module,
              values,
              { ...moduleContext, target: taskTarget(on, { signal }), delegatedTo, signal },
              extra,
            ),
          );
          const whole = withInvocation(toValue(result) as Dict, module, values as ResultObject);
          return completeResult(warnings.addTo(whole));
        };
        const asynchronous = asyncSettings(context.options, keywords, module, settings);
        return await (asynchronous ? runAsync(run, scope, asynchronous, target, work) : work(target));
      } finally {
        live.end();
      }
    } catch (error) {
      const result = completeResult(warnings.addTo(errorResult(withVariableHint(error, scope))));
      if (error instanceof InterruptedError) givenUp.add(result);
      return result;
    }
  };
  const result = await untilDone(run, scope, keywords, settings, attempt);
  if (run.isInDoubt && !settings.check) countAsChanged(result);
  if (isCutShort(run, result)) return { ...settings, result, isCutShort: true };
  if (!isFailed(result) && !isUnreachable(result)) applyEffects(run, result, factsTo);
  const isIgnored = isUnreachable(result) ? (keywords.boolean('ignore_unreachable') ?? false) : settings.isIgnored;
  const isUnrun = settings.check && isSkipped(result);
  return { ...settings, result, isIgnored, isUnrun, delegatedTo, factsTo, notify: notifications(run, scope, result) };
};

/**
 * A task that was under way when an earlier run ended finds nothing to do where it had made its change by then. It counts
 * as changed, so that what follows a change is done: once too often rather than not at all.
 */
const countAsChanged = (result: Dict): void => {
  if (isChanged(result) || isFailed(result) || isUnreachable(result)) return;
  const warnings = new Warnings();
  warnings.warn('the run that is resumed ended while this was under way, so it counts as changed');
  warnings.addTo(result).set('changed', true);
};

/** Whether it failed because the run was interrupted: it was ended, or not tried again. */
const isCutShort = ({ context }: TaskRun, result: Dict): boolean =>
  (context.signal.aborted && (isFailed(result) || isUnreachable(result))) ||
  (context.stopping.aborted && givenUp.has(result));

// Results of tasks that would have been tried again.
const givenUp = new WeakSet<Dict>();

const notifications = (run: TaskRun, scope: LayeredScope, result: Dict): readonly Value[] | undefined => {
  const written = inherited(run.task, 'notify');
  if (written === undefined || written === null || !isChanged(result) || isFailed(result)) return undefined;
  const names = run.context.templar.render(written, scope);
  return (Array.isArray(names) ? names : [names]).flatMap((name) => (Array.isArray(name) ? name : [name]));
};

/** The settings of an `async` task; undefined for any other. */
const asyncSettings = (
  { pollInterval }: TaskRun['context']['options'],
  keywords: TaskKeywords,
  module: Module,
  settings: Settings,
): AsyncSettings | undefined => {
  const limit = keywords.number('async') ?? 0;
  if (limit <= 0) return undefined;
  const isLocal = module.kind === 'action' && module.onController;
  if (module.supports.async === false || isLocal) throw new ModuleFailure('async is not supported for this task.');
  if (settings.check) throw new ModuleFailure('check mode and async cannot be used on same task.');
  return { limit, poll: keywords.number('poll') ?? pollInterval, isTended: !isOneScript.test(module.name) };
};

// Once these have started on the host, they need nobody.
const isOneScript = /^ansible\.builtin\.(command|shell|script|raw)$/;

/** Adds what the module was called with, but for its secrets: results of loops have it, and -vvv shows it. */
const withInvocation = (result: Dict, module: Module, values: ResultObject): Dict => {
  if (module.kind === 'action' && module.onController) return result;
  const shown = Object.entries(values).map(([name, value]): [Value, Value] => [
    name,
    module.args[name]?.secret && value !== undefined ? 'VALUE_SPECIFIED_IN_NO_LOG_PARAMETER' : toValue(value),
  ]);
  return result.set('invocation', new Map<Value, Value>([['module_args', new Map(shown)]]));
};

/** Repeats an attempt as `until` and `retries` say, and judges each result by changed_when and failed_when. */
const untilDone = async (
  run: TaskRun,
  scope: LayeredScope,
  keywords: TaskKeywords,
  settings: Settings,
  attempt: () => Promise<Dict>,
): Promise<Dict> => {
  const { task, context } = run;
  const until = task.keywords.get('until');
  // Without `until` there is nothing to try again for, whatever `retries` says.
  const tries = until === undefined ? 1 : Math.max(0, keywords.number('retries') ?? 3) + 1;
  const delay = Math.max(0, keywords.number('delay') ?? 5);
  for (let count = 1; ; count++) {
    const result = await attempt();
    if (isUnreachable(result)) return result;
    if (tries > 1) result.set('attempts', count);
    judge(run, scope, result);
    // What check mode leaves out becomes no other by being tried again.
    if (tries === 1 || (settings.check && isSkipped(result) && run.guesses)) return result;
    const seen = resultScope(run, scope, result);
    if (holds(until, task, 'until', context, seen)) return result;
    if (count === tries || context.stopping.aborted) {
      if (count < tries) givenUp.add(result);
      result.set('attempts', tries - 1);
      result.set('failed', true);
      return result;
    }
    result.set('retries', tries);
    context.bus.emit({
      type: 'retry',
      task: run.id,
      host: run.host,
      name: retriedName(run, scope),
      left: tries - count,
      result: shownResult(result, settings.noLog),
    });
    await sleep(delay * 1000, undefined, { signal: context.stopping }).catch(() => {});
    if (context.stopping.aborted) {
      givenUp.add(result);
      return result;
    }
  }
};

/** What a task is called when it is tried again: its name as it reads here, or as it was written when that cannot be said. */
const retriedName = (run: TaskRun, scope: Scope): string => {
  const written = run.task.name ?? run.task.action;
  try {
    return toText(run.context.templar.render(written, scope, { failOnUndefined: false }));
  } catch {
    return toText(written);
  }
};

/** The variables with the result in them, under the name that it is registered by. */
const resultScope = (run: TaskRun, scope: LayeredScope, result: Dict): LayeredScope => {
  const seen: Dict = new Map();
  const facts = result.get('ansible_facts');
  if (facts instanceof Map) for (const [name, value] of facts) seen.set(name, value);
  const register = run.task.keywords.get('register');
  if (typeof register === 'string') seen.set(register, result);
  return scope.with(seen.size === 0 ? new Map([['ansible_result_of', result]]) : seen);
};

/** Lets changed_when and failed_when decide about a result. */
const judge = (run: TaskRun, scope: LayeredScope, result: Dict): void => {
  result.set('failed', isFailed(result));
  if (isSkipped(result)) return;
  const { task, context } = run;
  const decide = (keyword: 'changed_when' | 'failed_when'): boolean | undefined => {
    const conditions = task.keywords.get(keyword);
    if (conditions === undefined || (Array.isArray(conditions) && conditions.length === 0)) return undefined;
    return holds(conditions, task, keyword, context, resultScope(run, scope, result));
  };
  let current: 'changed_when' | 'failed_when' = 'changed_when';
  try {
    const changed = decide(current);
    if (changed !== undefined) result.set('changed', changed);
    current = 'failed_when';
    const failed = decide(current);
    if (failed !== undefined) {
      result.set('failed_when_result', failed);
      result.set('failed', failed);
    }
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    result.set('failed', true);
    result.set(`${current}_result`, error.message);
  }
};

const openTarget = async (
  run: TaskRun,
  scope: LayeredScope,
  overlay: Dict,
  keywords: TaskKeywords,
  delegatedTo: string | undefined,
): Promise<Target> => {
  const { context, scopes, play, task } = run;
  const host = delegatedTo ?? run.host;
  const hostScope: Scope = delegatedTo === undefined ? scope : scopes.of(delegatedTo, play, task).with(overlay);
  const spec = connectionSpec(host, hostScope, keywords, context, context.catalog.has(host));
  const target = await context.target(spec);
  const own = taskTarget(target, { environment: taskEnvironment(task, context.templar, scope) });
  return run.ahead ? run.ahead.guard(own) : own;
};

const makeModuleContext = (
  run: TaskRun,
  scope: LayeredScope,
  settings: Settings,
  target: Target,
  live: LiveOutput,
  warnings: Warnings,
): ModuleContext => {
  const { context } = run;
  const moduleContext: ModuleContext = {
    target,
    check: settings.check,
    wantsDiff: settings.showsDiff,
    signal: context.signal,
    controller: taskController(run, scope),
    warn: warnings.warn,
    deprecate: warnings.deprecate,
    output: (stream, chunk) => live.add(stream, chunk),
    run: async (name: string, args: ResultObject) => {
      const other: Module | undefined = await context.module(name);
      if (!other) throw new ModuleFailure(`there is no module '${name}'`);
      const { values, extra } = readArguments(other, toValue(args as Result) as Dict);
      return executeModule(other, values, moduleContext, extra as Map<Value, Value>);
    },
  };
  return moduleContext;
};

const refuse = (): never => {
  throw new Error('this module runs on the controller and has no target');
};

/** For modules that never go to the host. */
const noTarget: Target = {
  host: '',
  run: refuse,
  put: refuse,
  get: refuse,
  temporaryDirectory: refuse,
  forward: refuse,
};
