import {
  codeFrame,
  formatOrigin,
  ModuleFailure,
  MusterError,
  type Problem,
  UnreachableError,
} from '../../errors/index.ts';
import type { ErrorDetails, HostResult, ResultStatus } from '../../events/index.ts';
import {
  type Dict,
  dict,
  isTrue,
  type JsonObject,
  type Result,
  toJson,
  toValue,
  type Value,
} from '../../values/index.ts';

type Visibility = HostResult['visibility'];

/** A task's result as playbooks see it, with the entries that every result has. */
export const completeResult = (result: Dict): Dict => {
  if (!result.has('changed')) result.set('changed', false);
  for (const stream of ['stdout', 'stderr']) {
    const text = result.get(stream);
    if (typeof text === 'string' && !result.has(`${stream}_lines`)) result.set(`${stream}_lines`, splitLines(text));
  }
  return result;
};

/** Python's splitlines. */
const splitLines = (text: string): string[] => {
  if (text === '') return [];
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** Whether a result counts as failed: it says so, or has an exit code that is not 0. */
export const isFailed = (result: Dict): boolean => {
  const failed = result.get('failed');
  if (failed !== undefined) return isTrue(failed);
  const code = result.get('rc');
  return code !== undefined && code !== 0 && code !== '0' && code !== null;
};

export const isSkipped = (result: Dict): boolean => isTrue(result.get('skipped') ?? false);
export const isChanged = (result: Dict): boolean => isTrue(result.get('changed') ?? false);
export const isUnreachable = (result: Dict): boolean => isTrue(result.get('unreachable') ?? false);

/** Whether a failed result fails its task: what failed_when said is stronger than everything else, also in a loop's items. */
const countsAsFailed = (result: Dict): boolean => {
  const own = result.get('failed_when_result');
  if (own !== undefined) return isTrue(own);
  const items = result.get('results');
  const judged = Array.isArray(items)
    ? items.filter((item): item is Dict => item instanceof Map && item.has('failed_when_result'))
    : [];
  return judged.length > 0 ? judged.some((item) => isTrue(item.get('failed_when_result')!)) : isFailed(result);
};

/** What a result counts as, the gravest first. */
export const statusOf = (result: Dict): ResultStatus => {
  if (isUnreachable(result)) return 'unreachable';
  if (countsAsFailed(result)) return 'failed';
  if (isSkipped(result)) return 'skipped';
  return isChanged(result) ? 'changed' : 'ok';
};

/** The result of a task whose conditions do not hold. */
export const skippedResult = (): Dict =>
  dict({ changed: false, skipped: true, skip_reason: 'Conditional result was False' });

/** What an error is as a result. Anything but the errors that are meant for people is a defect of ours, and says so. */
export const errorResult = (error: unknown): Dict => {
  if (error instanceof ModuleFailure) {
    const result = toValue(error.result as Result) as Dict;
    return new Map<Value, Value>([['changed', false], ...result, ['failed', true], ['msg', error.message]]);
  }
  if (error instanceof MusterError) {
    const state = error instanceof UnreachableError ? { unreachable: true } : { failed: true };
    const result = dict({ changed: false, ...state, msg: error.problems.map(({ message }) => message).join('\n') });
    problemsOfResults.set(result, error.problems);
    return result;
  }
  const message = error instanceof Error ? error.message : String(error);
  return dict({
    changed: false,
    failed: true,
    msg: `muster itself failed at this task, please report it: ${message}`,
    exception: error instanceof Error ? (error.stack ?? '') : '',
  });
};

// Beside the results, so that playbooks do not see them.
const problemsOfResults = new WeakMap<Dict, readonly Problem[]>();

/** What is to be told of the error that a result came of; nothing under no_log. */
export const errorDetails = (result: Dict, noLog: boolean): readonly ErrorDetails[] | undefined => {
  const problems = noLog ? undefined : problemsOfResults.get(result);
  const details = problems?.map(toDetails).filter((one) => Object.keys(one).length > 0);
  return details && details.length > 0 ? details : undefined;
};

const toDetails = ({ origin, source, expected, hint }: Problem): ErrorDetails => {
  const frame = origin ? codeFrame(origin, source) : '';
  return {
    ...(origin && { place: formatOrigin(origin) }),
    ...(frame !== '' && { frame }),
    ...(expected && { expected }),
    ...(hint && { hint }),
  };
};

const censored = "the output has been hidden due to the fact that 'no_log: true' was specified for this result";

/** A result as events carry it: without what is internal, and without anything at all under no_log. */
export const shownResult = (result: Dict, noLog: boolean): JsonObject => {
  if (noLog) {
    const kept = ['changed', 'attempts', 'retries'].flatMap((key): [Value, Value][] =>
      result.has(key) ? [[key, result.get(key)!]] : [],
    );
    return toJson(new Map<Value, Value>([['censored', censored], ...kept])) as JsonObject;
  }
  const shown: Dict = new Map();
  for (const [key, value] of result) if (typeof key !== 'string' || !key.startsWith('_ansible_')) shown.set(key, value);
  return toJson(shown) as JsonObject;
};

/** Whether people see a result, as its module asks for. */
export const visibilityOf = (result: Dict): Visibility => {
  if (isTrue(result.get('_ansible_verbose_override') ?? false)) return 'never';
  return isTrue(result.get('_ansible_verbose_always') ?? false) ? 'always' : 'verbose';
};
