import { main } from '../../runner/cli/index.ts';
import type { Timed } from '../../runner/events/index.ts';
import { type Entry, fromEvents } from './entries.ts';

export interface Said {
  readonly entries: readonly Entry[];
  readonly exitCode: number | null;
  /** What else was printed: for people who look into a difference. */
  readonly log: string;
}

/** Runs muster in this process. Two runs cannot go on at the same time. */
export const runMuster = async (
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Said> => {
  const { stdout, stderr, env } = process;
  const printed = { out: '', error: '' };
  const write = [stdout.write, stderr.write] as const;
  const before = { ...env };
  stdout.write = (text: string | Uint8Array) => {
    printed.out += text;
    return true;
  };
  stderr.write = (text: string | Uint8Array) => {
    printed.error += text;
    return true;
  };
  Object.assign(env, environment);
  let exitCode: number;
  try {
    exitCode = await main(['run', '--output', 'jsonl', ...args]);
  } finally {
    [stdout.write, stderr.write] = write;
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete env[name];
      else env[name] = before[name];
    }
  }
  const lines = printed.out.split('\n').filter((line) => line.startsWith('{'));
  const events = lines.map((line) => JSON.parse(line) as Timed);
  return { entries: fromEvents(events), exitCode, log: printed.error };
};
