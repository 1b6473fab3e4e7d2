import { type Script, sh } from '../../../connection/index.ts';

/**
 * Prints the names of this host's own address, as Python's getfqdn looks them up; nothing where that is unknown. A name
 * server that does not answer is waited for three seconds, not for the better part of a minute.
 */
export const askFullName: Script = sh`command -v getent >/dev/null || exit 0
m_wait=
command -v timeout >/dev/null && m_wait='timeout 3'
m_name=$(uname -n)
m_address=$($m_wait getent ahosts "$m_name" 2>/dev/null); m_address=\${m_address%%[!0-9a-fA-F.:]*}
[ -n "$m_address" ] && $m_wait getent hosts "$m_address" 2>/dev/null
exit 0`;

/** The first name with a dot, the first one otherwise, the host's own where there is none. */
export const readFullName = (answer: string, nodename: string): string => {
  const [, ...names] = (answer.split('\n')[0] ?? '').trim().split(/\s+/);
  return names.find((name) => name.includes('.')) ?? names[0] ?? nodename;
};
