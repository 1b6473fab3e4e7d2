import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge, meantAlways, meantInChecks, meantInSituations } from './meant.ts';
import { isRequired, titled } from './needs.ts';
import { type Player, playMuster } from './play.ts';
import { differences } from './results.ts';
import { playFile, type Run } from './run.ts';
import { type Tried, writePlaybook } from './situations.ts';
import type { Twin } from './twin.ts';

const minutes = 60_000;

export interface Comparison {
  readonly title: string;
  /** What there is not, of what it needs. */
  readonly lacking: readonly string[];
  readonly modules: readonly Tried[];
  /** Makes one of the two hosts. */
  readonly open: () => Promise<Twin>;
  /** How Ansible plays. */
  readonly theirPlayer: Player;
}

/** Tests that muster and Ansible do and tell the same in all situations of some modules. */
export const compareSituations = ({ title, lacking, modules, open, theirPlayer }: Comparison): void => {
  describe.runIf((isRequired || lacking.length === 0) && modules.length > 0)(titled(title, lacking), () => {
    const twins: Twin[] = [];
    let ours: Run;
    let theirs: Run;

    beforeAll(async () => {
      const opened = await Promise.allSettled([open(), open()]);
      for (const one of opened) if (one.status === 'fulfilled') twins.push(one.value);
      const failed = opened.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
      const [mine, its] = twins as [Twin, Twin];
      [ours, theirs] = await Promise.all([
        playFile(playMuster, await writePlaybook(modules, mine), mine),
        playFile(theirPlayer, await writePlaybook(modules, its), its),
      ]);
    }, 15 * minutes);
    afterAll(async () => {
      await Promise.all(twins.map((twin) => twin.close()));
    }, minutes);

    test('come to an end', () => {
      for (const { course } of [ours, theirs]) expect(course.code, course.log).toBe(0);
    });

    describe.each(modules.map(({ name }) => name))('%s', (name) => {
      const of = (run: Run, isCheck: boolean) =>
        run.outcomes.filter(({ task }) => task.startsWith(`${name}: `) && task.endsWith(' (check)') === isCheck);

      test('does and tells the same', () => {
        expect(of(ours, false).length).toBeGreaterThan(0);
        const isMeant = judge(meantAlways, meantInSituations);
        expect(differences(of(ours, false), of(theirs, false), isMeant)).toEqual([]);
      });

      test('predicts the same', () => {
        const isMeant = judge(meantAlways, meantInChecks, meantInSituations);
        expect(differences(of(ours, true), of(theirs, true), isMeant)).toEqual([]);
      });
    });

    test('leave the same on the hosts', () => {
      // What is random, and what depends on the program that packed it.
      const isSteady = (line: string) =>
        !/\.conf\.BACKUP~|^crontab\w{8}$|^(ansible\.|tmp)\w{8}$|\/root\/\.gnupg\/|^[\da-f]{64} .*(\/id_ed25519(\.pub)?|\.gz|\.tar)$/.test(
          line,
        );
      expect(ours.state.filter(isSteady)).toEqual(theirs.state.filter(isSteady));
    });
  });
};
