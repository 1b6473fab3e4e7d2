import { readFile } from 'node:fs/promises';
import type { Timed } from '../runner/events/index.ts';
import type { Command } from './types.ts';

/** A run of muster that also writes its events to a file. */
export const withEvents = (command: Command, file: string): Command => ({
  ...command,
  argv: [...command.argv, '--output', `jsonl=${file}`],
});

export const readEvents = async (file: string): Promise<Timed[]> =>
  (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Timed);

/** For each task, by how many seconds its last host was behind its first. */
export const spreads = (events: readonly Timed[]): number[] => {
  const times = new Map<string, number[]>();
  for (const event of events) {
    if (event.type !== 'host_result') continue;
    const known = times.get(event.task) ?? [];
    known.push(event.time);
    times.set(event.task, known);
  }
  return [...times.values()].map((all) => (all.at(-1)! - all[0]!) / 1000);
};
