import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A program of the bench that runs beside it, so that what it does is not on the account of those who are measured. */
export interface HelperProcess {
  /** Gives a line to it. */
  write(line: string): void;
  /** The next line that it says. */
  read(): Promise<string>;
  close(): Promise<void>;
}

/** Starts a TypeScript file of this repository. */
export const startHelper = (file: URL, args: readonly string[]): HelperProcess => {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
  const child = spawn(process.execPath, ['--import', tsx, fileURLToPath(file), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    write: (line) => void child.stdin.write(`${line}\n`),
    read: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${fileURLToPath(file)} ended early`);
      return value;
    },
    close: () => end(child, ended),
  };
};

const end = async (child: ChildProcess, ended: Promise<unknown>): Promise<void> => {
  child.kill('SIGTERM');
  await ended;
};
