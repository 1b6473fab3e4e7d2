import type { ScheduleContext } from '../context.ts';
import type { RunState } from '../state/index.ts';
import { durationText } from '../timing/index.ts';
import type { Requirement, Schedule } from '../types.ts';
import { runCommand } from './command.ts';
import { runWords } from './words.ts';

/** Why a run cannot begin: the first of its requirements that does not hold; undefined when all do. */
export const findUnmet = async (context: ScheduleContext, schedule: Schedule): Promise<string | undefined> => {
  for (const requirement of schedule.requires) {
    const reason = await whyUnmet(context, schedule, requirement);
    if (reason !== undefined) return reason;
  }
  return undefined;
};

const whyUnmet = async (
  context: ScheduleContext,
  schedule: Schedule,
  requirement: Requirement,
): Promise<string | undefined> => {
  const { schedules, places, store, clock, stopping } = context;
  if (requirement.kind === 'schedule') {
    const [last] = store.ended(requirement.name, 1);
    return whyNoSuccess(last, requirement, clock.now());
  }
  const { timeout } = requirement;
  const options = { folder: schedules.folder, env: process.env, timeout, signal: stopping.signal };
  if (requirement.kind === 'command') {
    const failure = await runCommand(requirement.command, options);
    return failure && `the command that it requires did not succeed: ${failure}`;
  }
  const words = [...runWords(schedule, schedules, places, [requirement.playbook]), '--no-record'];
  const failure = await runCommand(words, options);
  return failure && `the playbook ${requirement.playbook} that it requires did not succeed: ${failure}`;
};

const whyNoSuccess = (
  last: RunState | undefined,
  { name, within }: Extract<Requirement, { kind: 'schedule' }>,
  now: number,
): string | undefined => {
  if (!last) return `'${name}', which it requires, has not run yet`;
  if (last.outcome !== 'ok') return `the last run of '${name}', which it requires, was ${last.outcome}`;
  const age = now - last.endedAt!;
  return within !== undefined && age > within
    ? `the last success of '${name}', which it requires, is ${durationText(age)} old`
    : undefined;
};
