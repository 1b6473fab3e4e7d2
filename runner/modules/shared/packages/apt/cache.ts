import { lines, type Script, sh, shellFunction } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { ModuleContext } from '../../../define.ts';
import type { ReplyReader } from '../../files/reply.ts';
import type { AptArguments } from './arguments.ts';

/** Prints when the package lists were read last, in seconds since 1970; 0 when nobody knows. */
const listsTime = shellFunction(
  'm_apt_time',
  `stat -c %Y /var/lib/apt/periodic/update-success-stamp 2>/dev/null || stat -c %Y /var/lib/apt/lists 2>/dev/null || echo 0`,
);

/** Tools answer in English whatever the host's language is, and never ask. */
export const aptEnvironment: Script = sh`export LC_ALL=C LANG=C DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical`;

/** What became of the package lists. */
export interface CacheState {
  readonly before: number;
  readonly after: number;
  /** Reading them anew was due. */
  readonly due: boolean;
  readonly code: number;
  readonly said: string;
}

/** Reads the lists anew where that is due: fields for `readCacheState`. */
export const updateScript = (args: UpdateArguments, check: boolean): Script =>
  lines(
    sh`m_then=$(${listsTime}) m_after= m_due= m_said= m_code=0`,
    wantsUpdate(args) &&
      sh`if [ $((m_then + ${args.cache_valid_time})) -le "$(date +%s)" ]; then m_due=1; fi
m_after=$m_then`,
    wantsUpdate(args) &&
      !check &&
      sh`if [ -n "$m_due" ]; then m_said=$(apt-get -q update 2>&1 >/dev/null); m_code=$?; m_after=$(${listsTime}); fi`,
    sh`printf '%s\\0' "$m_then" "$m_after" "$m_due" "$m_code" "$m_said"`,
  );

export type UpdateArguments = Pick<
  AptArguments,
  'update_cache' | 'cache_valid_time' | 'update_cache_retries' | 'update_cache_retry_max_delay' | 'lock_timeout'
>;

/** Whether the lists of packages may have to be read anew. */
export const wantsUpdate = (args: UpdateArguments): boolean => args.update_cache === true || args.cache_valid_time > 0;

/** Reads what the update of the lists prints. */
export const readCacheState = (reader: ReplyReader): CacheState => {
  const before = Number(reader.field());
  const after = Number(reader.field() || before);
  const due = reader.field() === '1';
  return { before, after, due, code: Number(reader.field()), said: reader.field().trim() };
};

/** Whether apt says that another process holds its lock. */
export const isLocked = (said: string): boolean =>
  /could not get lock|unable to (?:acquire|lock)|is another process using it/i.test(said);

/** apt-get takes some failures for warnings; a list that could not be read is one all the same. */
const hasFailed = ({ code, said }: CacheState): boolean => code !== 0 || /^[WE]: Failed to fetch/m.test(said);

/**
 * Runs `attempt`, which reads the lists anew among other things, until that works: waits for a lock up to `lock_timeout`
 * and tries failed downloads again, with growing pauses.
 */
export const untilUpdated = async <T extends { readonly cache: CacheState }>(
  args: UpdateArguments,
  context: ModuleContext,
  attempt: () => Promise<T>,
): Promise<T> => {
  const deadline = Date.now() + args.lock_timeout * 1000;
  const jitter = Math.random();
  let failures = 0;
  for (;;) {
    const result = await attempt();
    const { cache } = result;
    if (!hasFailed(cache)) return result;
    if (isLocked(cache.said)) {
      if (Date.now() >= deadline) {
        throw new ModuleFailure(`Failed to lock apt for exclusive operation: ${cache.said}`);
      }
      await pause(1, context.signal);
      continue;
    }
    failures++;
    if (failures >= args.update_cache_retries) {
      throw new ModuleFailure(`Failed to update apt cache: ${cache.said || 'unknown reason'}`);
    }
    await pause(Math.min(2 ** (failures - 1), args.update_cache_retry_max_delay) + jitter, context.signal);
  }
};

/** Waits, or rejects when the task is called off. */
export const pause = (seconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

/** The values about the package lists that results have. */
export const cacheValues = (
  cache: CacheState,
  check: boolean,
): { cache_updated: boolean; cache_update_time: number } => ({
  cache_updated: cache.due && (check || cache.after !== cache.before),
  cache_update_time: cache.after,
});
