import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/**
 * Texts that stand for secrets in a test, each made up anew, so that where one shows up it can only have leaked:
 * `const canaries = new Canaries('vault', 'become')`, `canaries.of('vault')` is the secret, `canaries.expectNone(…)` looks.
 */
export class Canaries {
  readonly #texts = new Map<string, string>();

  constructor(...names: readonly string[]) {
    for (const name of names) this.#texts.set(name, `Canary${randomBytes(9).toString('hex')}`);
  }

  of(name: string): string {
    const text = this.#texts.get(name);
    if (text === undefined) throw new Error(`there is no canary '${name}'`);
    return text;
  }

  /** The names of the canaries that stand in a text as they are, or in base64 or hex, broken into lines or not. */
  in(content: string | Buffer): string[] {
    const text = Buffer.isBuffer(content) ? content.toString('latin1') : content;
    // Terminals and narrow outputs break long words.
    const joined = text.replace(/\s+/g, '');
    return [...this.#texts]
      .filter(([, canary]) => formsOf(canary).some((form) => text.includes(form) || joined.includes(form)))
      .map(([name]) => name);
  }

  /** Fails when a canary stands in a text; `where` says what the text is. */
  expectNone(where: string, content: string | Buffer): void {
    expect(this.in(content), `canaries in ${where}`).toEqual([]);
  }

  /** Fails when a canary stands in a name or in the content of a file below a directory. Returns how many files there were. */
  expectNoneBelow(directory: string, isLeftOut: (path: string) => boolean = () => false): number {
    let count = 0;
    for (const entry of readdirSync(directory)) {
      const path = join(directory, entry);
      if (isLeftOut(path)) continue;
      this.expectNone('a file name', entry);
      const stats = lstatSync(path);
      if (stats.isDirectory()) count += this.expectNoneBelow(path, isLeftOut);
      else if (stats.isFile()) {
        this.expectNone(path, readFileSync(path));
        count++;
      }
    }
    return count;
  }
}

// Base64 of a text depends on where in a group of three bytes it begins; the ends that hang on its neighbours are left off.
const formsOf = (text: string): string[] => [
  text,
  Buffer.from(text).toString('hex'),
  ...[0, 1, 2].map((offset) =>
    Buffer.from(' '.repeat(offset) + text)
      .toString('base64')
      .replace(/=+$/, '')
      .slice(offset === 0 ? 0 : offset + 1, -2),
  ),
];
