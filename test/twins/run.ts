import { join } from 'node:path';
import type { Course, Player } from './play.ts';
import { type Outcome, outcomesOf, steadyText } from './results.ts';
import type { Twin } from './twin.ts';

/** A run of the playbook, and the host after it. */
export interface Run {
  readonly course: Course;
  readonly outcomes: Outcome[];
  readonly state: string[];
}

/** Plays the playbook of this folder on a twin, and looks at the host then. */
export const play = (player: Player, twin: Twin, options: readonly string[] = []): Promise<Run> =>
  playFile(player, join(import.meta.dirname, 'playbook/site.yml'), twin, options);

/** The same with any playbook. */
export const playFile = async (
  player: Player,
  playbook: string,
  twin: Twin,
  options: readonly string[] = [],
): Promise<Run> => {
  const course = await player(playbook, twin, options);
  return { course, outcomes: outcomesOf(course.entries, course.modules, twin.places), state: await stateOf(twin) };
};

/** What is on a host, with nothing in it that is the twin's own. */
export const stateOf = async (twin: Twin): Promise<string[]> =>
  (await twin.state()).map((line) => steadyText(line, twin.places));

/** The tasks that ended in one way. */
export const tasksThat = (run: Run, status: string): string[] =>
  run.outcomes.filter((outcome) => outcome.status === status).map(({ task }) => task);

/** The options of a second run: what cannot be done twice with the same result is left out. */
export const again: readonly string[] = ['-e', '{"again": true}'];

export const inCheck: readonly string[] = ['--check', '--diff'];
