import { basename, dirname, join } from 'node:path';

/** The words that start this muster in another process. */
export const musterProgram = (): string[] => {
  const entry = process.argv[1]!;
  // `run` is short for `muster run`; the command itself stands beside it.
  const main =
    basename(entry).replace(/\.js$/, '') === 'run'
      ? join(dirname(entry), basename(entry).replace('run', 'muster'))
      : entry;
  return [process.execPath, ...process.execArgv, main];
};
