import { isAbsolute, relative } from 'node:path';

/** `file:line` without the column, below the working directory relative to it. */
export const showPlace = (place: string | undefined): string | undefined => {
  const [, file, line] = /^(.*?)(:\d+)?(?::\d+)?$/s.exec(place ?? '') ?? [];
  if (!file) return undefined;
  const near = isAbsolute(file) ? relative(process.cwd(), file) : file;
  return `${near.startsWith('..') ? file : near}${line ?? ''}`;
};
