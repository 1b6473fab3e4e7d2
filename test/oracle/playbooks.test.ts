import { describe, test } from 'vitest';
import { casesOf, themes } from './cases.ts';
import { openTheirs, patience } from './theirs.ts';

for (const theme of themes()) {
  describe(theme, () => {
    const theirs = openTheirs(theme);
    for (const one of casesOf(theme)) test(one.name, () => theirs.compare(one), patience);
  });
}
