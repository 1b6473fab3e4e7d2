import { emit, type Script, sh, shellFunction } from '../../connection/index.ts';
import type { Answer } from './ask.ts';

/**
 * Replaces the content of a file by standard input: owner, mode and context stay, a link stays a link, and readers never
 * see half a file. Where the file is a mount of its own it cannot be replaced and is written over.
 */
const rewrite = shellFunction(
  'm_rewrite',
  `m_real=$1
[ -L "$1" ] && m_real=$(readlink -f "$1")
m_new=$m_real.muster.$$
umask 022
if [ -e "$m_real" ]; then
cp -p "$m_real" "$m_new" || return
[ -e /sys/fs/selinux/enforce ] && chcon --reference="$m_real" "$m_new" 2>/dev/null
fi
if ! cat >"$m_new"; then rm -f "$m_new"; return 1; fi
mv -f "$m_new" "$m_real" 2>/dev/null || { cat "$m_new" >"$m_real"; m_rc=$?; rm -f "$m_new"; return $m_rc; }`,
);

/** A command that replaces a small file's content. `path` is shell: a quoted word or a variable. */
export const rewriteFile = (path: Script, content: string): Script => sh`${emit(content)} | ${rewrite} ${path}`;

/** A command that tells of a small file: its content when it is there; fails when it is not. */
export const showFile = (path: Script): Script => sh`[ -f ${path} ] && cat ${path}`;

/** What `showFile` told; undefined when there is no such file. Throws nothing. */
export const shownFile = (answer: Answer | undefined): string | undefined =>
  answer?.code === 0 ? answer.stdout : undefined;

/** Copies a file beside itself with the time in its name, as Ansible names backups, and prints that name. */
export const backupFile = (path: Script): Script => sh`m_backup=${path}.$$.$(date +%Y-%m-%d@%H:%M:%S)~
cp -p ${path} "$m_backup" && printf '%s\n' "$m_backup"`;
