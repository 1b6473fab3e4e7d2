import { lines, type Script, sh, shellFunction, type Target } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';

/** Sets $m_now to seconds that only ever grow, without a process where there is /proc. */
const now = shellFunction(
  'm_now',
  `if { read -r m_now m_rest </proc/uptime; } 2>/dev/null; then m_now=\${m_now%%.*}; else m_now=$(date +%s); fi`,
);

const doneCode = 90;
const lateCode = 91;
/** What a check gives to `exit` when the target has no means for it. */
export const impossibleCode = 92;

export interface Poll {
  /** Seconds left until it is too late. */
  readonly seconds: number;
  /** Seconds between two looks. */
  readonly sleep: number;
  /** Functions, variables and so on, once. */
  readonly setup?: Script;
  /** A command that succeeds when there is nothing more to wait for. */
  readonly check: Script;
}

/** Waits on the target, all in one request. False when it took too long, undefined when the target cannot check. */
export const pollOnTarget = async (poll: Poll, target: Target): Promise<boolean | undefined> => {
  const script = lines(
    poll.setup,
    sh`${now}; m_end=$((m_now + ${Math.ceil(poll.seconds)}))
while ${now}; [ "$m_now" -lt "$m_end" ]; do
  if ${poll.check}; then exit ${doneCode}; fi
  sleep ${poll.sleep}
done
exit ${lateCode}`,
  );
  const { code, stderr } = await target.run(script);
  if (code === doneCode) return true;
  if (code === lateCode) return false;
  if (code === impossibleCode) return undefined;
  throw new ModuleFailure(`waiting on the host failed: ${stderr.toString().trim()}`, { rc: code });
};

/** Waits, asking again and again from the controller. False when it took too long. */
export const pollFromController = async (
  seconds: number,
  sleep: number,
  signal: AbortSignal,
  check: (secondsLeft: number) => Promise<boolean>,
): Promise<boolean> => {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await check((end - Date.now()) / 1000)) return true;
    await pause(sleep, signal);
  }
  return false;
};

/** Waits, or rejects when the task is called off. */
export const pause = (seconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, seconds * 1000);
    signal.addEventListener('abort', stop, { once: true });
  });
