import { sh, type Target } from '../../../connection/index.ts';
import { systemError } from './system-error.ts';

/**
 * Why there is no file at a path. One below a folder that may not be entered looks as if it was not there, but the folder
 * can be asked.
 */
export const missingReason = async (target: Target, path: string): Promise<string> => {
  const { code } = await target.run(
    sh`m_d=${path}; while case $m_d in */*) m_d=\${m_d%/*} ;; *) false ;; esac; do
[ -e "\${m_d:=/}" ] && { [ -d "$m_d" ] || exit 2; [ -x "$m_d" ]; exit; }
done`,
  );
  if (code === 2) return `unable to slurp file: ${systemError('Not a directory', path)}`;
  return `${code === 0 ? 'file not found' : 'file is not readable'}: ${path}`;
};
