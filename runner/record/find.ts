import { MusterError } from '../errors/index.ts';
import { checkRuns, type RunRecord, readRun, runIds } from './read.ts';

/** A run by the beginning of its name, or as `last`, `last~1` … Throws MusterError when that is none, or several. */
export const findRun = (runs: string, text: string): RunRecord => {
  checkRuns(runs);
  const ids = runIds(runs);
  if (ids.length === 0) throw new MusterError({ message: `there are no records of runs in ${runs}` });
  const back = /^last(?:~(\d+))?$/.exec(text);
  if (back) {
    const id = ids[Number(back[1] ?? 0)];
    if (id !== undefined) return readRun(runs, id);
    throw new MusterError({ message: `there is no run ${text}`, expected: `at most last~${ids.length - 1}` });
  }
  const found = text === '' ? [] : ids.filter((id) => id.startsWith(text.toLowerCase()));
  if (found.length === 1) return readRun(runs, found[0]!);
  throw new MusterError({
    message:
      found.length === 0 ? `there is no run '${text}'` : `there are ${found.length} runs that begin with ${text}`,
    expected: 'the beginning of a name that only one run has, or last, last~1 …',
    hint:
      found.length === 0
        ? "'muster history' lists them"
        : `${found.slice(0, 5).join(', ')}${found.length > 5 ? ' …' : ''}`,
  });
};
