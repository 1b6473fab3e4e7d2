import { didYouMean, type Problem } from '../../errors/index.ts';
import { originOf } from '../../playbook/yaml/index.ts';
import type { Dict, Value } from '../../values/index.ts';
import { parseTiming, ScheduleSyntaxError, type Timing } from '../timing/index.ts';
import type { Overlap, Retries, Schedule } from '../types.ts';
import { readHooks, readRequirements } from './read-hooks.ts';
import { durationOf, listOf, sourceOf } from './values.ts';

const minute = 60_000;

/** One schedule of the file with what the file says of all; undefined when it cannot be read, which `problems` tells. */
export const readSchedule = (
  entry: Dict,
  defaults: Dict | undefined,
  hasMail: boolean,
  problems: Problem[],
): Schedule | undefined => {
  const get = (key: string): Value | undefined => entry.get(key) ?? defaults?.get(key);
  const text = (key: string): string | undefined => (get(key) === undefined ? undefined : sourceOf(get(key)!));
  const timeZone = text('time_zone');
  const timing = readTiming(entry, timeZone, problems);
  const hooks = {
    failure: readHooks(get('on_failure'), hasMail, problems),
    change: readHooks(get('on_change'), hasMail, problems),
    success: readHooks(get('on_success'), hasMail, problems),
  };
  const requires = readRequirements(get('requires'), problems);
  checkOptions(get('options'), problems);
  if (!timing) return undefined;
  const catchUp = get('catch_up') ?? 'skip';
  return {
    name: sourceOf(entry.get('name')!),
    description: text('description'),
    origin: originOf(entry),
    playbooks: listOf(get('playbook')),
    inventory: listOf(get('inventory')),
    limit: text('limit'),
    tags: listOf(get('tags')),
    skipTags: listOf(get('skip_tags')),
    extraVars: mergeVars(defaults?.get('extra_vars'), entry.get('extra_vars')),
    check: get('check') === true,
    diff: get('diff') === true,
    vaultPasswordFiles: listOf(get('vault_password_file')),
    vaultIds: listOf(get('vault_id')),
    options: listOf(get('options')),
    timing,
    timeZone,
    timeout: durationOf(get('timeout')) || undefined,
    killAfter: durationOf(get('kill_after')) ?? minute,
    overlap: (text('overlap') ?? 'skip') as Overlap,
    catchUp: catchUp === 'skip' || catchUp === 'once' ? catchUp : durationOf(catchUp)!,
    retries: readRetries(get('retries')),
    requires,
    hooks,
    report: text('report') as 'drift' | undefined,
    paused: entry.get('paused') === true,
  };
};

const mergeVars = (common: Value | undefined, own: Value | undefined): Dict | undefined =>
  common === undefined && own === undefined
    ? undefined
    : new Map([...((common as Dict | undefined) ?? []), ...((own as Dict | undefined) ?? [])]);

const readTiming = (entry: Dict, timeZone: string | undefined, problems: Problem[]): Timing | undefined => {
  const value = entry.get('schedule')!;
  try {
    return parseTiming(listOf(value), timeZone);
  } catch (error) {
    if (!(error instanceof ScheduleSyntaxError)) throw error;
    const isZone = error.message.includes('time zone');
    problems.push({
      message: error.message,
      origin: isZone ? (originOf(entry, 'time_zone') ?? originOf(entry)) : originOf(entry, 'schedule'),
      expected: error.expected,
      hint: isZone ? didYouMean(timeZone ?? '', Intl.supportedValuesOf('timeZone')) : undefined,
    });
    return undefined;
  }
};

const readRetries = (value: Value | undefined): Retries => {
  const standard: Retries = { count: 0, delay: minute, factor: 2, longest: 60 * minute };
  if (value === undefined) return standard;
  if (!(value instanceof Map)) return { ...standard, count: Number(value) };
  return {
    count: Number(value.get('count')),
    delay: durationOf(value.get('delay')) ?? standard.delay,
    factor: Number(value.get('factor') ?? standard.factor),
    longest: durationOf(value.get('longest')) ?? standard.longest,
  };
};

// What the daemon says itself, what asks somebody, and what runs nothing.
const ownOptions = [
  '--runs-dir',
  '--no-record',
  '--ask-pass',
  '--ask-become-pass',
  '--ask-vault-pass',
  '--ask-vault-password',
  '--step',
  '-k',
  '-K',
  '-J',
  '--syntax-check',
  '--list-hosts',
  '--list-tasks',
  '--list-tags',
  '--tui',
];

const checkOptions = (value: Value | undefined, problems: Problem[]): void => {
  for (const [index, option] of listOf(value).entries()) {
    if (!ownOptions.includes(option.split('=')[0]!)) continue;
    problems.push({
      message: `a scheduled run cannot have the option ${option}`,
      origin: originOf(value!, index),
      hint: 'nobody is there to be asked, and every run leaves a record',
    });
  }
};
