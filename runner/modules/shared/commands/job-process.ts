import { shellFunction } from '../../../connection/index.ts';

/** Shell that writes into $1.pid which process this is: its number, the boot that it belongs to, and when it began there. */
export const tellProcess = `m_boot= m_stat=
{ read -r m_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
{ read -r m_stat <"/proc/$$/stat"; } 2>/dev/null
echo "$$ \${m_boot:--} $(set -f; set -- \${m_stat##*) }; echo "\${20-}")" >"$1.pid"`;

/** `m_job_lives BASE`: whether the process that BASE.pid tells of is there still, or has yet to tell. */
export const jobLives = shellFunction(
  'm_job_lives',
  `
m_pid= m_boot= m_begun=
{ read -r m_pid m_boot m_begun <"$1.pid"; } 2>/dev/null
[ -n "$m_pid" ] || return 0
kill -0 "$m_pid" 2>/dev/null || return 1
[ -n "$m_begun" ] || return 0
m_now= m_stat=
{ read -r m_now </proc/sys/kernel/random/boot_id; } 2>/dev/null
{ read -r m_stat <"/proc/$m_pid/stat"; } 2>/dev/null
set -f
set -- \${m_stat##*) }
set +f
[ "$m_now" = "$m_boot" ] && [ "\${20-}" = "$m_begun" ]`,
);

/** What is said of a job that left no exit code. */
export const lostJob = 'the job ended without telling how: it was killed, or the host was started anew';
