import { isAbsolute, relative } from 'node:path';

/** A path as people here would write it: below the working directory relative to it. */
export const nearPath = (path: string): string => {
  if (!isAbsolute(path)) return path;
  const near = relative(process.cwd(), path);
  return near.startsWith('..') || near === '' ? path : near;
};
