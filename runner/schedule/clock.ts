/** The time, as far as schedules care; tests have one of their own. */
export interface Clock {
  /** Milliseconds since 1970 by the machine's clock, which may be set. */
  now(): number;
  /** Milliseconds since some moment, by a clock that nobody sets. */
  elapsed(): number;
  /** Comes back after so many milliseconds, or when `signal` says so. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const machineClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  wait: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.max(0, milliseconds));
      signal.addEventListener('abort', end);
    }),
};
