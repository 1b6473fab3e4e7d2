import { type Dict, type JsonObject, type Value, WithheldDict, WithheldText } from '../../values/index.ts';
import type { Execution, IncludeRequest } from '../task/task-run.ts';
import { decodeValue, encodeValue } from './encode.ts';
import type { RecordedOutcome } from './journal.ts';

// What is no secret of a result that nobody may see. Those that are not there are known not to be.
const flagKeys = ['changed', 'failed', 'skipped', 'unreachable', 'failed_when_result', 'attempts', 'results'];

/** What is recorded of an execution. `isUsed`: other tasks may need what it came to. */
export const recordOutcome = (
  execution: Execution & { readonly includes?: readonly IncludeRequest[]; readonly isLoop?: boolean },
  isUsed: boolean,
  isSecret: (text: string) => boolean,
): RecordedOutcome => {
  const { showsDiff, isIgnored, isUnrun, reason, delegatedTo, factsTo, isLoop } = execution;
  const noLog = execution.noLog && !isRunningJob(execution.result);
  const includes = (execution.includes ?? []).map(
    ({ kind, args, overlay, label }): Dict =>
      new Map<Value, Value>([
        ['kind', kind],
        ['args', args],
        ['overlay', overlay],
        ['label', label ?? null],
      ]),
  );
  const result = noLog ? flagsOf(execution.result) : withoutCall(execution.result, isLoop ?? true);
  const [told, notified, included] = [result, [...(execution.notify ?? [])], includes].map((value) =>
    encodeValue(value, isSecret),
  );
  const isPartial = !told!.isWhole || !included!.isWhole;
  const hasEffects = ['ansible_facts', 'add_host', 'add_group', 'ansible_stats'].some((key) =>
    execution.result.has(key),
  );
  return {
    result: told!.json,
    ...(noLog && { isCensored: true }),
    ...(isPartial && { isPartial: true }),
    ...((noLog || isPartial) && (isUsed || hasEffects || !included!.isWhole) && { isMissed: true }),
    flags: {
      ...(showsDiff && { showsDiff }),
      ...(isIgnored && { isIgnored }),
      ...(isUnrun && { isUnrun }),
      ...(reason !== undefined && { reason }),
      ...(delegatedTo !== undefined && { delegatedTo }),
      ...(factsTo !== undefined && { factsTo }),
      ...(isLoop && { isLoop }),
    },
    ...(notified!.isWhole && execution.notify && execution.notify.length > 0 && { notify: notified!.json }),
    ...(includes.length > 0 && { includes: included!.json }),
  };
};

/** A job that a task left to itself has said nothing yet that could be a secret. */
const isRunningJob = (result: Dict): boolean => result.has('ansible_job_id') && result.get('finished') === 0;

const flagsOf = (result: Dict): Dict =>
  new Map(flagKeys.filter((key) => key !== 'results' && result.has(key)).map((key) => [key, result.get(key)!]));

/** A task's result without what it was called with, which nothing but loops shows. */
const withoutCall = (result: Dict, isKept: boolean): Dict =>
  isKept || !result.has('invocation') ? result : new Map([...result].filter(([key]) => key !== 'invocation'));

/** An execution as it was recorded. */
export interface Restored extends Execution {
  readonly includes: readonly IncludeRequest[];
  readonly isLoop: boolean;
  readonly isCensored: boolean;
  /** The result as variables see it: with an error in place of what is not known. */
  readonly seen: Dict;
}

/** Makes an execution of what was recorded of it. `name` is what the task is called. */
export const restoreOutcome = (recorded: RecordedOutcome, name: string): Restored => {
  const isCensored = recorded.isCensored ?? false;
  const why = isCensored ? 'no_log keeps it out' : 'a secret stands in it';
  const reason = `what the task '${name}' came to is needed and is not in the record: ${why}`;
  const hint = "'muster resume --rerun-censored' runs such tasks again";
  const decode = (json: RecordedOutcome['result']): Value => decodeValue(json, () => new WithheldText(reason, hint));
  const result = decode(recorded.result) as Dict;
  const flags = recorded.flags as JsonObject &
    Partial<Record<'showsDiff' | 'isIgnored' | 'isUnrun' | 'isLoop', boolean>> &
    Partial<Record<'reason' | 'delegatedTo' | 'factsTo', string>>;
  const includes = recorded.includes === undefined ? [] : (decode(recorded.includes) as Dict[]);
  return {
    result,
    seen: isCensored ? new WithheldDict(result, flagKeys, reason, hint) : result,
    isCensored,
    noLog: isCensored,
    showsDiff: flags.showsDiff ?? false,
    isIgnored: flags.isIgnored ?? false,
    isUnrun: flags.isUnrun,
    isLoop: flags.isLoop ?? false,
    reason: flags.reason,
    delegatedTo: flags.delegatedTo,
    factsTo: flags.factsTo,
    notify: recorded.notify === undefined ? undefined : (decode(recorded.notify) as Value[]),
    includes: includes.map((include) => ({
      kind: include.get('kind') as IncludeRequest['kind'],
      args: include.get('args') as Dict,
      overlay: include.get('overlay') as Dict,
      label: (include.get('label') as string | null) ?? undefined,
    })),
  };
};
