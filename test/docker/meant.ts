import type { Json, JsonObject } from '../../runner/values/index.ts';
import type { IsMeant, Outcome } from '../twins/results.ts';

/** Outcomes without what an engine makes up: ids, moments, addresses of hardware. */
export const plain = (outcomes: readonly Outcome[]): Outcome[] =>
  outcomes.map((outcome) => ({ ...outcome, result: clean(outcome.result) as JsonObject }));

const clean = (value: Json): Json => {
  if (typeof value === 'string') {
    return value
      .replace(/\b[0-9a-f]{64}\b/g, 'ID')
      .replace(/\b[0-9a-f]{12}\b/g, 'SHORT')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replace(/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/g, 'MAC');
  }
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [clean(name) as string, clean(inner)]));
};

/** What is meant to differ. */
export const isMeant: IsMeant = ({ task, status }, value, mine, its) =>
  // Numbers of processes, and what the engine measures.
  /\bState\.(Pid|Health)|SandboxKey|\bSize$|VirtualSize/.test(value) ||
  // The log of a build is that of the docker command.
  (task === 'image build' && /^stdout/.test(value)) ||
  // The words around the engine's reason are each program's own.
  (status === 'failed, ignored' && value === 'msg' && hasReason(mine, its)) ||
  // Ansible's check runs do not tell of limits that change in place.
  (/in place$|memory again$/.test(task) && (value === 'actions' || (value === 'status' && mine === 'changed'))) ||
  // Python's sets, the engine's mounts and what it takes away have no order of their own.
  (/^(?:diff$|container|volumes$|networks$|images$)/.test(value) && withoutOrder(mine) === withoutOrder(its)) ||
  // Requests are told as they are sent, and Ansible sends empty values as well.
  (value === 'actions' && withoutEmpty(mine) === withoutEmpty(its));

/** A value as text, its lists without an order. */
const withoutOrder = (value: Json | undefined): string =>
  JSON.stringify(value, (_, inner: Json) =>
    Array.isArray(inner)
      ? inner.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
      : inner,
  );

const hasReason = (mine: Json | undefined, its: Json): boolean => {
  const [ours, theirs] = [String(mine), String(its)];
  const reason = /\("(.*)"\)$/s.exec(theirs)?.[1];
  if (reason !== undefined && ours.includes(reason.replaceAll('\\"', '"'))) return true;
  return reasons.some(([one, other]) => one.test(ours) && other.test(theirs));
};

// Reasons that come from Python, and ours for the same.
const reasons: readonly (readonly [RegExp, RegExp])[] = [
  [/invalid reference format/, /Cannot find the image Not A Name:latest locally/],
  [/Nofile: no such file or directory/, /Cannot locate specified Dockerfile: Nofile/],
  [/is no number of bytes/, /can't interpret following number/],
  [/there is no Docker Engine to be reached/, /No such file or directory/],
];

/** A value as text, without null, false and empty parts. */
const withoutEmpty = (value: Json | undefined): string =>
  JSON.stringify(value, (_, inner: Json) => {
    if (inner === null || inner === false || inner === '') return undefined;
    if (typeof inner !== 'object' || Array.isArray(inner)) return inner;
    const kept = Object.entries(inner).filter(([, one]) => JSON.stringify(one) !== '{}');
    return Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1)));
  });
