import { type Dict, type Json, literalSource, Template, type Value } from '../values/index.ts';

const mask = '********';
// Shorter texts stand inside ordinary words too often: masking them would make output unreadable and hide nothing.
const shortest = 4;
// A line of a longer secret (a key, a file) is masked alone only when it is long enough to be telling.
const shortestLine = 8;
const largestFile = 1 << 20;
// Values that many files hold by chance; masking them would hide the output itself.
const ordinary = new Set(
  'true false none null present absent started stopped enabled disabled latest root admin localhost'.split(' '),
);

/** The texts that must never be shown. Filled from vault values and secret arguments; everything shown passes `mask`. */
export class Secrets {
  readonly #texts = new Set<string>();
  #pattern: RegExp | undefined;

  /** Remembers a secret; several lines also one by one. What is too short or ordinary to be masked is left alone. */
  add(text: string): void {
    const trimmed = text.trim();
    this.#addOne(trimmed, shortest);
    if (!trimmed.includes('\n')) return;
    for (const line of trimmed.split('\n')) this.#addOne(line.trim(), shortestLine);
  }

  /**
   * Remembers the secrets among the variables of a file that was encrypted as a whole. Such files also hold user names,
   * paths and the like, whose masking would hide half of the output: those are left alone unless their name is telling.
   */
  addAll(value: Value, name = ''): void {
    if (typeof value === 'string') this.#addNamed(name, value);
    else if (typeof value === 'number' || typeof value === 'bigint') this.#addNamed(name, String(value));
    else if (value instanceof Template) for (const part of literalParts(value.source)) this.#addNamed(name, part);
    else if (Array.isArray(value)) for (const item of value) this.addAll(item, name);
    else if (value instanceof Map) {
      for (const [key, item] of value as Dict) this.addAll(item, `${name}.${String(key)}`);
    }
  }

  /** Remembers every text and number in a value that is secret as a whole. */
  addWhole(value: Value): void {
    if (typeof value === 'string') this.add(value);
    else if (typeof value === 'number' || typeof value === 'bigint') this.add(String(value));
    else if (value instanceof Template) for (const part of literalParts(value.source)) this.add(part);
    else if (Array.isArray(value)) for (const item of value) this.addWhole(item);
    else if (value instanceof Map) for (const item of value.values()) this.addWhole(item);
  }

  /** The same for the text of an encrypted file, line by line: `name: value`, `name=value`, or a line of a key. */
  addFile(text: string): void {
    // What is no text, or a whole archive of it, shows up in no message.
    if (text.length > largestFile || text.includes('\0')) return;
    for (const line of text.split(/\r?\n/)) {
      if (/^\s*(#|;|---|$)/.test(line)) continue;
      const [, name, value] = /^[\s-]*["']?([\w .-]+?)["']?\s*(?::\s|=)\s*(.*)$/.exec(line) ?? [];
      const plain = (value ?? line.replace(/^\s*(- +)*/, '')).trim().replace(/^(["'])(.*)\1$/, '$2');
      for (const part of literalParts(plain)) this.#addNamed(name ?? '', part);
    }
  }

  get size(): number {
    return this.#texts.size;
  }

  /** Whether anything that was remembered stands in the text. */
  isIn(text: string): boolean {
    return this.mask(text) !== text;
  }

  /** The text with all secrets replaced by stars. */
  mask(text: string): string {
    if (this.#texts.size === 0 || text.length < shortest) return text;
    this.#pattern ??= compile(this.#texts);
    return text.replace(this.#pattern, mask);
  }

  /** JSON with all secrets in its texts, keys and numbers replaced. Gives the same object back when there is none. */
  maskValue<T extends Json>(json: T): T {
    return this.#texts.size === 0 ? json : (this.#maskJson(json) as T);
  }

  #maskJson(json: Json): Json {
    if (typeof json === 'string') return this.mask(json);
    if (typeof json === 'number') return this.#texts.has(String(json)) ? mask : json;
    if (json === null || typeof json !== 'object') return json;
    if (Array.isArray(json)) {
      let isSame = true;
      const items = json.map((item) => {
        const masked = this.#maskJson(item);
        if (masked !== item) isSame = false;
        return masked;
      });
      return isSame ? json : items;
    }
    let isSame = true;
    const entries: [string, Json][] = [];
    for (const key of Object.keys(json)) {
      const item = json[key]!;
      // A plain word is the name of a field, even where it is somebody's password too.
      const entry: [string, Json] = [/^[A-Za-z_]+$/.test(key) ? key : this.mask(key), this.#maskJson(item)];
      if (entry[0] !== key || entry[1] !== item) isSame = false;
      entries.push(entry);
    }
    return isSame ? json : Object.assign(Object.create(null), Object.fromEntries(entries));
  }

  #addNamed(name: string, text: string): void {
    const trimmed = text.trim();
    if (tellingName.test(name)) this.#addOne(trimmed, shortest);
    for (const line of trimmed.split('\n')) if (looksSecret(line.trim())) this.#addOne(line.trim(), shortestLine);
  }

  #addOne(text: string, least: number): void {
    if (text.length < least || ordinary.has(text.toLowerCase())) return;
    for (const form of forms(text)) {
      if (this.#texts.has(form)) continue;
      this.#texts.add(form);
      this.#pattern = undefined;
    }
  }
}

/** Names of variables that tell of secrets. */
export const tellingName = /pass|pwd|secret|token|key|cred|auth|priv|cert|salt|hash|pin$|api|webhook|dsn/i;

// Long enough, and no plain word, number, path, address, host name or list of words.
const looksSecret = (text: string): boolean =>
  text.length >= shortestLine &&
  !/^[\d.,:/-]+$/.test(text) &&
  !/^[A-Za-z]+([ _.,-][A-Za-z]+)*[.!?]?$/.test(text) &&
  !/^~?\/[\w./-]*$/.test(text) &&
  !/^([a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\.)+[a-z]{2,12}(:\d+)?$/.test(text) &&
  !/^[a-z]+:\/\/[\w.:/-]+$/.test(text);

// What stands around the expressions of a template.
const literalParts = (source: string): string[] => source.split(/\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/s);

// The text as it is, and as it stands inside JSON and inside single quotes of a shell.
const forms = (text: string): string[] => [text, JSON.stringify(text).slice(1, -1), text.replaceAll("'", "'\\''")];

// Longest first, so that a secret that holds another one is replaced as a whole.
const compile = (texts: Iterable<string>): RegExp =>
  new RegExp(
    [...texts]
      .sort((left, right) => right.length - left.length)
      .map(literalSource)
      .join('|'),
    'g',
  );
