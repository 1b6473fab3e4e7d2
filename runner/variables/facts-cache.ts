import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MusterError } from '../errors/index.ts';
import { type Dict, dumpJson, parseJson } from '../values/index.ts';

/** Where facts are kept between runs. */
export interface FactsCache {
  load(host: string): Dict | undefined;
  save(host: string, facts: Dict): void;
  remove(host: string): void;
  /** Forgets all hosts (--flush-cache). */
  clear(): void;
}

/** `fact_caching = jsonfile`: a JSON file a host, in a folder; older ones than `timeout` seconds (0: never) do not count. */
export class JsonFactsCache implements FactsCache {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #timeout: number;

  constructor(folder: string, prefix: string, timeout: number) {
    this.#folder = folder;
    this.#prefix = prefix;
    this.#timeout = timeout;
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw new MusterError({
        message: `the folder of cached facts ${folder} cannot be used: ${(error as Error).message}`,
        hint: 'fact_caching_connection names it',
      });
    }
  }

  load(host: string): Dict | undefined {
    const file = this.#file(host);
    const age = (Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)) / 1000;
    if (this.#timeout > 0 && age > this.#timeout) return undefined;
    try {
      const facts = parseJson(readFileSync(file, 'utf8'));
      return facts instanceof Map ? facts : undefined;
    } catch {
      // No file, or one that was not written to its end: as if nothing was cached.
      return undefined;
    }
  }

  save(host: string, facts: Dict): void {
    const file = this.#file(host);
    writeFileSync(`${file}.new`, dumpJson(facts, { indent: 4, sortKeys: true }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  remove(host: string): void {
    rmSync(this.#file(host), { force: true });
  }

  clear(): void {
    for (const name of readdirSync(this.#folder)) {
      if (name.startsWith(this.#prefix) && !name.startsWith('.')) rmSync(join(this.#folder, name), { force: true });
    }
  }

  #file(host: string): string {
    // A name may hold a path's characters, and must not lead anywhere else.
    return join(this.#folder, `${this.#prefix}${host.replaceAll('/', '_')}`);
  }
}
