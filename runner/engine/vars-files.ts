import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MusterError, SourceError } from '../errors/index.ts';
import { type Dict, toText, type Value } from '../values/index.ts';
import type { PlayRun } from './play-run.ts';
import type { Run } from './run.ts';

/** The files of a play's `vars_files` for a host; of an inner list the first file that is there. */
export const varsFilesFor = (run: Run, play: PlayRun, host: string): readonly Dict[] =>
  play.node.varsFiles.flatMap((entry) => {
    const names = Array.isArray(entry) ? entry : [entry];
    const found = firstThere(run, play, host, names);
    if (found !== undefined) return [run.context.loader.varsFile(found)];
    if (found === undefined && Array.isArray(entry) && names.length === 0) return [];
    return missing(run, play, host, names);
  });

const render = (run: Run, play: PlayRun, host: string, name: Value): string | undefined => {
  try {
    return toText(run.context.templar.render(name, run.scopes.of(host, play)));
  } catch (error) {
    // A name that needs a fact which is not gathered yet is looked for again later.
    if (error instanceof MusterError) return undefined;
    throw error;
  }
};

const firstThere = (run: Run, play: PlayRun, host: string, names: readonly Value[]): string | undefined => {
  const directory = dirname(play.node.file);
  for (const name of names) {
    const text = render(run, play, host, name);
    if (text === undefined) continue;
    const candidates = [resolve(directory, 'vars', text), resolve(directory, text)];
    const found = candidates.find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Nothing was found: not an error while a name still hangs on something unknown. */
const missing = (run: Run, play: PlayRun, host: string, names: readonly Value[]): Dict[] => {
  const rendered = names.map((name) => render(run, play, host, name));
  if (rendered.includes(undefined)) return [];
  throw new SourceError({
    message: `vars file ${rendered.join(', ')} was not found`,
    origin: play.node.places.get('vars_files') ?? play.node.origin,
    expected: `a file below ${dirname(play.node.file)}`,
    isMissing: true,
  });
};
