import { nearPath } from '../../tui/text/near-path.ts';

/** `file:line` without the column, as people here would write it. */
export const showPlace = (place: string | undefined): string | undefined => {
  const [, file, line] = /^(.*?)(:\d+)?(?::\d+)?$/s.exec(place ?? '') ?? [];
  return file ? `${nearPath(file)}${line ?? ''}` : undefined;
};
