import { isAsking } from './terminal-turns.ts';

/** Where text goes: a terminal, a pipe, a file. */
export interface Screen {
  /** Writes to standard output. */
  write(text: string): void;
  /** Writes to standard error. */
  warn(text: string): void;
  readonly columns: number;
  /** How many columns a line really has: the terminal's as it is now, or a usual number where there is none. */
  readonly width: number;
  readonly hasColor: boolean;
  /** Somebody watches: live output and progress make sense. */
  readonly isTerminal: boolean;
  /** A line can be taken back now: a terminal that understands it, no log of a build server, and no question there. */
  readonly canRedraw: boolean;
}

const codes = {
  green: '0;32',
  yellow: '0;33',
  red: '0;31',
  cyan: '0;36',
  blue: '0;34',
  purple: '0;35',
  brightRed: '1;31',
  brightPurple: '1;35',
  gray: '1;30',
  bold: '1',
  dim: '2',
} as const;

export type Color = keyof typeof codes;

/** Text in a color, line by line, so that no color runs over a line's end. */
export const paint = (screen: Screen, color: Color | undefined, text: string): string =>
  !screen.hasColor || color === undefined
    ? text
    : text
        .split('\n')
        .map((line) => (line === '' ? '' : `\x1b[${codes[color]}m${line}\x1b[0m`))
        .join('\n');

/** The process's own streams. `NO_COLOR` and ANSIBLE_NOCOLOR turn color off, ANSIBLE_FORCE_COLOR turns it on. */
export const standardScreen = (settings: { readonly noColor: boolean; readonly forceColor: boolean }): Screen => ({
  write: (text) => void process.stdout.write(text),
  warn: (text) => void process.stderr.write(text),
  columns: Math.max(79, (process.stdout.columns ?? 80) - 1),
  get width() {
    return process.stdout.columns ?? 100;
  },
  hasColor:
    settings.forceColor ||
    (!settings.noColor &&
      process.env.NO_COLOR === undefined &&
      process.stdout.isTTY === true &&
      process.env.TERM !== 'dumb'),
  isTerminal: process.stdout.isTTY === true,
  get canRedraw() {
    return process.stdout.isTTY === true && process.env.TERM !== 'dumb' && !process.env.CI && !isAsking();
  },
});
