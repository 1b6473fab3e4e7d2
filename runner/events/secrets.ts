import { type Dict, type Json, Template, type Value } from '../values/index.ts';

const mask = '********';
// Shorter texts stand inside ordinary words too often: masking them would make output unreadable and hide nothing.
const shortest = 4;
// A line of a longer secret (a key, a file) is masked alone only when it is long enough to be telling.
const shortestLine = 8;
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

  /** Remembers every text inside a value, e.g. of a variables file that was encrypted as a whole. */
  addAll(value: Value): void {
    if (typeof value === 'string') this.add(value);
    else if (typeof value === 'number' || typeof value === 'bigint') this.#addNumber(String(value));
    else if (value instanceof Template) this.#addTemplate(value);
    else if (Array.isArray(value)) for (const item of value) this.addAll(item);
    else if (value instanceof Map) for (const item of (value as Dict).values()) this.addAll(item);
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
      const entry: [string, Json] = [this.mask(key), this.#maskJson(item)];
      if (entry[0] !== key || entry[1] !== item) isSame = false;
      entries.push(entry);
    }
    return isSame ? json : Object.assign(Object.create(null), Object.fromEntries(entries));
  }

  // Ports and counts are not worth hiding; long numbers may be tokens.
  #addNumber(text: string): void {
    if (text.replace('-', '').length >= 6) this.#addOne(text, shortest);
  }

  // A template is no secret itself, but the literal text around its expressions may be.
  #addTemplate(value: Template): void {
    for (const part of value.source.split(/\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/s)) {
      for (const line of part.split('\n')) this.#addOne(line.trim(), shortestLine);
    }
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

// The text as it is, and as it stands inside JSON and inside single quotes of a shell.
const forms = (text: string): string[] => [text, JSON.stringify(text).slice(1, -1), text.replaceAll("'", "'\\''")];

// Longest first, so that a secret that holds another one is replaced as a whole.
const compile = (texts: Iterable<string>): RegExp =>
  new RegExp(
    [...texts]
      .sort((left, right) => right.length - left.length)
      .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('|'),
    'g',
  );
