import { resolve } from 'node:path';
import type { Dict } from '../values/index.ts';
import type { LoadContext } from './context.ts';
import { loadPlay } from './load-play.ts';
import { Loading } from './loading.ts';
import type { PlayNode } from './tree.ts';

/** A play that stands in no file: what a command makes of its own arguments. Throws a SourceError. */
export const loadPlayValue = (entry: Dict, source: string, context: LoadContext): PlayNode => {
  const loading = new Loading(context, process.cwd());
  const play = loadPlay(loading, entry, resolve(source), []);
  loading.finish();
  return play;
};
