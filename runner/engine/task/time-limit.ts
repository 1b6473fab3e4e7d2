import { ModuleFailure } from '../../errors/index.ts';

/** Does work within some seconds (0: no limit); what takes longer is aborted and fails. */
export const inTime = async <T>(
  seconds: number,
  action: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  if (seconds <= 0) return work(signal);
  const limit = new AbortController();
  const stop = (): void => limit.abort(signal.reason);
  signal.addEventListener('abort', stop);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      limit.abort();
      reject(
        new ModuleFailure(
          `The ${action} action failed to execute in the expected time frame (${seconds}) and was terminated`,
        ),
      );
    }, seconds * 1000);
  });
  try {
    return await Promise.race([work(limit.signal), late]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
};
