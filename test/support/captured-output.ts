import { vi } from 'vitest';

/** What comes of some work in this process, with what it writes to stdout and stderr, which goes nowhere else. */
export const capturingOutput = async <T>(work: () => Promise<T>): Promise<{ value: T; text: string }> => {
  let text = '';
  const write = (chunk: string | Uint8Array): boolean => {
    text += chunk;
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(write));
  try {
    const value = await work();
    return { value, text };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
};
