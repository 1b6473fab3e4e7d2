import { InterruptedError, type MusterError, SettingError, SourceError, UsageError } from '../errors/index.ts';

/** The exit codes of ansible-playbook. */
export const exitCodeOf = (error: MusterError): number => {
  if (error instanceof InterruptedError) return 99;
  if (error instanceof UsageError) return 2;
  if (error instanceof SettingError) return 5;
  const isMistake = error instanceof SourceError && !error.problems.every(({ isMissing }) => isMissing);
  return isMistake ? 4 : 1;
};
