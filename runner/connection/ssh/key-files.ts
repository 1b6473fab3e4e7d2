import { readFile } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import type { AskSecret } from './environment.ts';
import { loadSsh2 } from './load.ts';

/** What became of a key file: a key, or why there is none. */
export type KeyFile = { readonly key: ParsedKey } | { readonly missing: true } | { readonly problem: string };

/** The private key files of a run. Each is read once, and its passphrase is asked for once. */
export class KeyFiles {
  readonly #ask: AskSecret;
  readonly #keys = new Map<string, Promise<KeyFile>>();
  readonly #publicKeys = new Map<string, Promise<Buffer | undefined>>();
  /** Questions come one after the other. */
  #asking: Promise<unknown> = Promise.resolve();

  constructor(ask: AskSecret) {
    this.#ask = ask;
  }

  read(path: string, passphrase: string | undefined): Promise<KeyFile> {
    let key = this.#keys.get(path);
    if (!key) {
      key = this.#read(path, passphrase);
      this.#keys.set(path, key);
    }
    return key;
  }

  /** The public half of a key file, as far as it can be had without a passphrase: from the file `.pub`. */
  publicKey(path: string): Promise<Buffer | undefined> {
    let key = this.#publicKeys.get(path);
    if (!key) {
      key = readPublicKey(path);
      this.#publicKeys.set(path, key);
    }
    return key;
  }

  async #read(path: string, passphrase: string | undefined): Promise<KeyFile> {
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' ? { missing: true } : { problem: message };
    }
    const first = await parseKey(bytes, passphrase);
    if (!('needsPassphrase' in first)) return first;
    const answer = this.#ask && (await this.#askOnce(`Passphrase of ${path}: `));
    if (answer === undefined) return { problem: 'it needs a passphrase' };
    const second = await parseKey(bytes, answer);
    return 'needsPassphrase' in second ? { problem: 'the passphrase is wrong' } : second;
  }

  #askOnce(question: string): Promise<string | undefined> {
    const answer = this.#asking.then(() => this.#ask?.(question));
    this.#asking = answer.catch(() => {});
    return answer;
  }
}

const parseKey = async (
  bytes: Buffer,
  passphrase: string | undefined,
): Promise<KeyFile | { needsPassphrase: true }> => {
  const { utils } = await loadSsh2();
  const parsed = utils.parseKey(bytes, passphrase);
  if (parsed instanceof Error) {
    if (/no passphrase given/i.test(parsed.message)) return { needsPassphrase: true };
    if (passphrase !== undefined) return { problem: 'the passphrase is wrong, or it is no private key' };
    return { problem: bytes.includes('PRIVATE KEY-----') ? 'its type is not supported' : 'it is no private key' };
  }
  const key = Array.isArray(parsed) ? (parsed as ParsedKey[])[0] : parsed;
  if (!key) return { problem: 'it holds no key' };
  return key.isPrivateKey() ? { key } : { problem: 'it is a public key; name the private one' };
};

const readPublicKey = async (path: string): Promise<Buffer | undefined> => {
  for (const file of [`${path}.pub`, path]) {
    const text = await readFile(file, 'latin1').catch(() => '');
    const found = /^(?:ssh|ecdsa|sk)-\S+\s+([A-Za-z0-9+/=]+)/m.exec(text);
    if (found) return Buffer.from(found[1]!, 'base64');
  }
  return undefined;
};
