const listeners = new Set<() => void>();
let turns = 0;

/** Whether the line at the bottom of the terminal belongs to a question now. */
export const isAsking = (): boolean => turns > 0;

/** Calls `listener` before each question, to take away what stands in its place; what comes back ends that. */
export const onQuestion = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Asks somebody at the terminal; meanwhile nobody draws there. */
export const whileAsking = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (const listener of listeners) listener();
  turns++;
  try {
    return await ask();
  } finally {
    turns--;
  }
};
