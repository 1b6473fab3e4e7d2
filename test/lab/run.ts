import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program to its end and returns its standard output. Rejects with what it said when it failed. */
export const run = async (program: string, args: readonly string[]): Promise<string> => {
  try {
    const { stdout } = await execute(program, args, { maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    const { stderr, message, code } = error as Error & { stderr?: string; code?: unknown };
    if (code === 'ENOENT') throw new Error(`the lab needs ${program}; see test/lab/README.md`, { cause: error });
    throw new Error(`${program} ${args.join(' ')}: ${stderr?.trim() || message}`, { cause: error });
  }
};

/** The same, where a failure does not matter: for what may be gone already. */
export const attempt = (program: string, args: readonly string[]): Promise<string | undefined> =>
  run(program, args).catch(() => undefined);
