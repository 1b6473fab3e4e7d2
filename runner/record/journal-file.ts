import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalLine } from '../engine/restore/journal.ts';

const fileName = 'journal.jsonl';
// What is left of a journal that could not be written to its end: it must not be taken for a whole one.
const brokenName = 'journal.broken.jsonl';

/**
 * The journal of a run, in its record. A line is handed to the system before the next task begins, so that it outlives
 * the process however that ends. A journal that cannot be written is none: what it lacks would be done again.
 */
export class JournalFile {
  readonly #directory: string;
  readonly #fail: (error: Error) => void;
  #descriptor: number | undefined;

  /** `beginning` are lines of a run that is resumed; they are there as a whole, or the journal is not. */
  constructor(directory: string, beginning: Iterable<JournalLine>, fail: (error: Error) => void) {
    this.#directory = directory;
    this.#fail = fail;
    const temporary = join(directory, `.${fileName}.new`);
    const text = Array.from(beginning, (line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, join(directory, fileName));
    this.#descriptor = openSync(join(directory, fileName), 'a', 0o600);
  }

  write(line: JournalLine): void {
    if (this.#descriptor === undefined) return;
    try {
      let bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      while (bytes.length > 0) bytes = bytes.subarray(writeSync(this.#descriptor, bytes));
    } catch (error) {
      this.close();
      giveUp(this.#directory);
      this.#fail(error as Error);
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** On a full disk a file can still be renamed, or at least removed. */
const giveUp = (directory: string): void => {
  try {
    renameSync(join(directory, fileName), join(directory, brokenName));
  } catch {
    rmSync(join(directory, fileName), { force: true });
  }
};

const parse = (text: string): JournalLine | undefined => {
  try {
    const line = JSON.parse(text) as JournalLine | null;
    return typeof line?.type === 'string' ? line : undefined;
  } catch {
    return undefined;
  }
};

/** The lines of a record's journal; undefined when there is none that is whole. A last line that was cut is left out. */
export const readJournal = (directory: string): JournalLine[] | undefined => {
  const file = join(directory, fileName);
  if (!existsSync(file)) return undefined;
  const lines: JournalLine[] = [];
  const bytes = readFileSync(file);
  // Line by line, since the whole may be longer than a text can be.
  for (let start = 0, end = bytes.indexOf(10); end !== -1; start = end + 1, end = bytes.indexOf(10, start)) {
    const line = parse(bytes.toString('utf8', start, end));
    if (!line) return undefined;
    lines.push(line);
  }
  return lines;
};
