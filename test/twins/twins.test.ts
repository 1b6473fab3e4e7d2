import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeTree } from '../oracle/scratch.ts';
import { judge, meantAlways, meantInChecks, meantWithoutDiff } from './meant.ts';
import { isRequired, lackingForTwins, titled } from './needs.ts';
import { playAnsible, playMuster } from './play.ts';
import { differences } from './results.ts';
import { again, inCheck, play, type Run, stateOf, tasksThat } from './run.ts';
import { openTwin, type Twin } from './twin.ts';

interface Runs {
  readonly first: Run;
  readonly second: Run;
  readonly check: Run;
  /** The host of the check run, before it. */
  readonly untouched: string[];
  /** What was fetched to the controller. */
  readonly fetched: string[];
}

const lacking = await lackingForTwins();
const minutes = 60_000;

describe.runIf(isRequired || lacking.length === 0)(
  titled('muster and ansible-playbook, on twin hosts', lacking),
  () => {
    const twins: Twin[] = [];
    let ours: Runs;
    let theirs: Runs;

    beforeAll(async () => {
      const opened = await Promise.allSettled([openTwin(), openTwin(), openTwin(), openTwin()]);
      for (const one of opened) if (one.status === 'fulfilled') twins.push(one.value);
      const failed = opened.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
      const [mine, its, mineInCheck, itsInCheck] = twins as [Twin, Twin, Twin, Twin];
      const fetched = (twin: Twin): Promise<string[]> => describeTree(join(twin.directory, 'fetched'));
      const all = async (player: typeof playMuster, twin: Twin, twinInCheck: Twin, atOnce: boolean): Promise<Runs> => {
        const checked = async () => {
          const untouched = await stateOf(twinInCheck);
          return { untouched, check: await play(player, twinInCheck, inCheck) };
        };
        const early = atOnce ? checked() : undefined;
        const first = await play(player, twin);
        const second = await play(player, twin, again);
        return { first, second, fetched: await fetched(twin), ...(await (early ?? checked())) };
      };
      // Ansible takes the longest by far, so that everything else goes on beside it.
      [ours, theirs] = await Promise.all([
        all(playMuster, mine, mineInCheck, false),
        all(playAnsible, its, itsInCheck, true),
      ]);
    }, 15 * minutes);
    afterAll(async () => {
      await Promise.all(twins.map((twin) => twin.close()));
    }, minutes);

    test('come to the end of a playbook of many tasks and modules', () => {
      for (const { first } of [ours, theirs]) expect(first.course.code, first.course.log).toBe(0);
      expect(new Set(ours.first.outcomes.map(({ task }) => task)).size).toBeGreaterThan(140);
      expect(new Set(ours.first.outcomes.map(({ module }) => module)).size).toBeGreaterThan(50);
    });

    test('tell the same of each task', () => {
      expect(differences(ours.first.outcomes, theirs.first.outcomes, judge(meantAlways, meantWithoutDiff))).toEqual([]);
    });

    test('leave the same files, packages, units, accounts and crontabs', () => {
      expect(ours.first.state.length).toBeGreaterThan(2000);
      expect(ours.first.state).toEqual(theirs.first.state);
      expect(ours.fetched).toEqual(theirs.fetched);
    });

    test('change the same by a second run', () => {
      expect(differences(ours.second.outcomes, theirs.second.outcomes, judge(meantAlways, meantWithoutDiff))).toEqual(
        [],
      );
      expect(tasksThat(ours.second, 'changed')).toEqual(tasksThat(theirs.second, 'changed'));
      expect(ours.second.state).toEqual(theirs.second.state);
    });

    test('change nothing in a check run, and predict the same', () => {
      expect(ours.check.state).toEqual(ours.untouched);
      expect(differences(ours.check.outcomes, theirs.check.outcomes, judge(meantAlways, meantInChecks))).toEqual([]);
    });

    test('do what the check run predicted', () => {
      const real = new Map(ours.first.outcomes.map(({ task, status }) => [task, status]));
      const wrong = ours.check.outcomes
        .filter(({ task, status }) => status !== 'skipped' && real.has(task) && real.get(task) !== status)
        .map(({ task, status }) => `${task}: ${status}, but then ${real.get(task)}`);
      // What only the doing shows, and what builds on a task that a check run cannot do; it is the same for Ansible.
      expect(wrong).toEqual([
        'script that creates: changed, but then skipped',
        'copy content that the check refuses: changed, but then failed, ignored',
        'copy to a folder that is not there: changed, but then failed, ignored',
        'get_url with a wrong checksum: changed, but then failed, ignored',
        'group that cannot go: changed, but then failed, ignored',
        'apt removes: ok, but then changed',
        'systemd: failed, ignored, but then changed',
        'file as nobody: changed, but then failed, ignored',
      ]);
    });
  },
);
