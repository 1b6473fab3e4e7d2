import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const patience = 90_000;

/** Whether there is a tmux on this machine. */
export const hasTmux = (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, 'tmux')));

/** A shell in a real terminal, which tmux plays. */
export interface Terminal {
  /** What stands on the screen now. */
  screen(): Promise<string>;
  /** Waits until something stands there; fails with the screen as it is when it never does. */
  until(wanted: string | RegExp): Promise<string>;
  /** Presses keys, by tmux's names for those that have one. */
  keys(...keys: readonly string[]): Promise<void>;
  /** Types a text as it is. */
  type(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Everything that was ever written to the terminal. */
  written(): string;
  close(): Promise<void>;
}

export interface TerminalSettings {
  /** For the shell to start in; what was written is kept there too. */
  readonly directory: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Opens a terminal with a plain shell, in an environment that holds nothing but what is given. */
export const openTerminal = async ({
  directory,
  columns = 80,
  rows = 24,
  env = {},
}: TerminalSettings): Promise<Terminal> => {
  const name = `muster-${randomBytes(6).toString('hex')}`;
  const log = join(directory, 'terminal.log');
  writeFileSync(log, '');
  const tmux = async (...words: readonly string[]): Promise<string> =>
    (await execute('tmux', ['-L', name, '-f', '/dev/null', ...words])).stdout;
  const variables = { PATH: process.env.PATH ?? '', HOME: directory, LANG: 'C.UTF-8', PS1: 'shell> ', ...env };
  const words = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  const size = ['-x', String(columns), '-y', String(rows)];
  await tmux('new-session', '-d', ...size, '-c', directory, 'env', '-i', 'TERM=screen-256color', ...words, 'sh');
  await tmux('pipe-pane', '-o', `cat >> '${log}'`);
  const screen = (): Promise<string> => tmux('capture-pane', '-p');
  return {
    screen,
    until: async (wanted) => {
      const end = Date.now() + patience;
      for (;;) {
        const text = await screen();
        if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) return text;
        if (Date.now() > end) throw new Error(`${String(wanted)} never stood on the screen, which is now:\n${text}`);
        await sleep(100);
      }
    },
    keys: async (...keys) => void (await tmux('send-keys', ...keys)),
    type: async (text) => void (await tmux('send-keys', '-l', text)),
    resize: async (width, height) => void (await tmux('resize-window', '-x', String(width), '-y', String(height))),
    written: () => readFileSync(log, 'utf8'),
    close: async () => void (await tmux('kill-server').catch(() => {})),
  };
};
