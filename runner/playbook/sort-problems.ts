import type { Problem } from '../errors/index.ts';

/** Problems in the order in which people read their files: file by file as they came up, each from top to bottom. */
export const sortProblems = (problems: readonly Problem[]): Problem[] => {
  const files = [...new Set(problems.map(({ origin }) => origin?.file))];
  return problems.toSorted((one, other) => {
    const byFile = files.indexOf(one.origin?.file) - files.indexOf(other.origin?.file);
    if (byFile !== 0 || !one.origin || !other.origin) return byFile;
    return one.origin.line - other.origin.line || one.origin.column - other.origin.column;
  });
};
