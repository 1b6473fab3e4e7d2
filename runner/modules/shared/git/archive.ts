import { shellFunction } from '../../../connection/index.ts';
import { step } from './steps.ts';

const formats: Readonly<Record<string, string>> = { zip: 'zip', gz: 'tar.gz', tar: 'tar', tgz: 'tgz' };

/** git's name of the format that an archive's name asks for. */
export const archiveFormat = (path: string): string | undefined => {
  const end = path.slice(path.lastIndexOf('.') + 1);
  return Object.hasOwn(formats, end) ? formats[end] : undefined;
};

/** Writes $m_archive, and sets $m_packed when that changed it. */
export const archive = shellFunction(
  'm_git_archive',
  `
m_packed=
m_new=$m_archive.muster-new
m_git 'Failed to perform archive operation' archive --format "$1" --output "$m_new" \${m_prefix:+--prefix "$m_prefix"} "$m_version"
if cmp -s "$m_new" "$m_archive"; then rm -f "$m_new"; else mv -f "$m_new" "$m_archive"; m_packed=1; fi`,
  [step],
);
