import { describe, expect, test } from 'vitest';
import { casesOf, themes } from './cases.ts';
import { openTheirs } from './theirs.ts';

for (const theme of themes()) {
  describe(theme, () => {
    const theirs = openTheirs(theme);
    for (const one of casesOf(theme)) {
      test(one.name, async () => {
        const [ours, expected] = await theirs.both(one);
        if (one.differs === undefined) expect(ours).toBe(expected);
        else expect(ours, `they are the same now, so this has to go: ${one.differs}`).not.toBe(expected);
      });
    }
  });
}
