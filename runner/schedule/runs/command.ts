import { spawn } from 'node:child_process';
import type { CommandDefinition } from '../types.ts';

export interface CommandOptions {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeout: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
  /** What it can read. */
  readonly input?: string;
}

/** Why a command did not succeed; undefined when it did. What it writes is its own affair, and goes nowhere. */
export const runCommand = (command: CommandDefinition, options: CommandOptions): Promise<string | undefined> => {
  const [file, ...args] = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
  return new Promise((resolve) => {
    const child = spawn(file!, args, {
      cwd: options.folder,
      env: options.env,
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    let failure: string | undefined;
    const kill = (why: string): void => {
      failure ??= why;
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    const stop = (): void => kill('it was interrupted');
    const timer = setTimeout(() => kill(`it took longer than ${options.timeout / 1000} seconds`), options.timeout);
    options.signal?.addEventListener('abort', stop);
    if (options.signal?.aborted) stop();
    const end = (reason: string | undefined): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
      resolve(failure ?? reason);
    };
    child.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ENOENT' ? `there is no command ${file}` : error.message),
    );
    child.once('exit', (code, signal) =>
      end(code === 0 ? undefined : signal ? `ended by ${signal}` : `exit code ${code}`),
    );
    // A command that reads nothing is none that fails.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
};
