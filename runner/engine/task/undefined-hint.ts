import { didYouMean, MusterError, type Problem } from '../../errors/index.ts';
import type { Scope } from '../../template/types.ts';

const missing = /(?:^|[ :])'([A-Za-z_]\w*)' is undefined/;

/** An error with a hint at the variable that was meant, where it says that one is undefined. */
export const withVariableHint = (error: unknown, scope: Scope): unknown => {
  if (!(error instanceof MusterError) || !error.problems.some(isOpen)) return error;
  const problems = error.problems.map((problem) =>
    isOpen(problem) ? { ...problem, hint: hintFor(missing.exec(problem.message)![1]!, scope) } : problem,
  );
  return new MusterError(problems, { cause: error });
};

const isOpen = ({ message, hint }: Problem): boolean => hint === undefined && missing.test(message);

const hintFor = (name: string, scope: Scope): string =>
  didYouMean(name, scope.names()) ??
  `define it in the inventory, in vars or by --extra-vars, or give a fallback: {{ ${name} | default('…') }}`;
