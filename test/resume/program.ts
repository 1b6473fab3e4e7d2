import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** The program as users get it, built from the sources as they are. */
export interface Program {
  /** What to start: node with these words, and muster's own behind them. */
  readonly words: readonly string[];
  close(): void;
}

/** Builds muster into a folder of its own, beside the packages that it needs. */
export const buildProgram = async (): Promise<Program> => {
  const cache = join(repository, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'muster-'));
  await promisify(execFile)(process.execPath, ['build.mjs', directory], { cwd: repository });
  const entry = join(directory, 'main.mjs');
  writeFileSync(entry, "import { exit, main } from './muster.js';\nawait exit(await main(process.argv.slice(2)));\n");
  return { words: [entry], close: () => rmSync(directory, { recursive: true, force: true }) };
};
