import { PythonRegexError } from './python-regex-error.ts';
import { parseReplacement } from './python-regex-template.ts';
import { type RegexFlags, type TranslatedRegex, translateRegex } from './python-regex-translate.ts';

export { PythonRegexError, type RegexFlags };

/** One match. Groups that took no part are undefined; group 0 is the whole match. */
export interface PythonMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
  readonly names: ReadonlyMap<string, number>;
}

/** A compiled pattern of Python's re module, with Python's methods. Positions count UTF-16 units. */
export class PythonRegex {
  readonly names: ReadonlyMap<string, number>;
  /** How many groups the pattern has. */
  readonly groupCount: number;
  readonly #translated: TranslatedRegex;
  readonly #global: RegExp;
  #sticky: RegExp | undefined;
  #whole: RegExp | undefined;
  #longer: RegExp | undefined;

  constructor(pattern: string, flags: RegexFlags = {}) {
    this.#translated = translateRegex(pattern, flags);
    this.names = this.#translated.names;
    this.groupCount = this.#translated.groups.length - 1;
    this.#global = this.#compile(this.#translated.source, 'g');
  }

  #compile(source: string, flag: string): RegExp {
    try {
      return new RegExp(source, this.#translated.flags + flag);
    } catch (error) {
      throw new PythonRegexError((error as Error).message);
    }
  }

  /** The first match anywhere. */
  search(text: string, from = 0): PythonMatch | undefined {
    this.#global.lastIndex = from;
    const found = this.#global.exec(text);
    // An empty match may be reported between the halves of a character beyond 0xffff.
    if (found && isInsideCharacter(text, found.index)) return this.search(text, found.index + 1);
    return this.#read(found);
  }

  /** A match at the start of the text. */
  match(text: string): PythonMatch | undefined {
    this.#sticky ??= this.#compile(this.#translated.source, 'y');
    this.#sticky.lastIndex = 0;
    return this.#read(this.#sticky.exec(text));
  }

  /** A match of the whole text. */
  fullMatch(text: string): PythonMatch | undefined {
    this.#whole ??= this.#compile(`(?:${this.#translated.source})(?![\\s\\S])`, 'y');
    this.#whole.lastIndex = 0;
    return this.#read(this.#whole.exec(text));
  }

  /** All matches, one after the other. */
  findAll(text: string): PythonMatch[] {
    const matches: PythonMatch[] = [];
    let index = 0;
    while (index <= text.length) {
      const found = this.search(text, index);
      if (!found) break;
      matches.push(found);
      index = found.end;
      if (found.end > found.start) continue;
      // After an empty match, Python looks for one at the same place that is not empty.
      const longer = this.#matchMore(text, found.end);
      if (longer) matches.push(longer);
      index = longer ? longer.end : nextCharacter(text, found.end);
    }
    return matches;
  }

  #matchMore(text: string, index: number): PythonMatch | undefined {
    if (!/[|?]/.test(this.#translated.source.replaceAll('(?', '('))) return undefined;
    this.#longer ??= this.#compile(
      `(?=(?<rest>[\\s\\S]*))(?:${this.#translated.source})(?!\\k<rest>(?![\\s\\S]))`,
      'y',
    );
    this.#longer.lastIndex = index;
    return this.#read(this.#longer.exec(text), 1);
  }

  /** Replaces each match, or the first `count`, by a replacement as re.sub reads it, or by what a function makes of it. */
  replace(text: string, replacement: string | ((match: PythonMatch) => string), count = 0): string {
    return this.replaceAndCount(text, replacement, count).text;
  }

  /** As `replace`, and how many were replaced (re.subn). */
  replaceAndCount(
    text: string,
    replacement: string | ((match: PythonMatch) => string),
    count = 0,
  ): { text: string; count: number } {
    const expand = typeof replacement === 'string' ? this.#expander(replacement) : replacement;
    const pieces: string[] = [];
    let index = 0;
    let replaced = 0;
    for (const match of this.findAll(text)) {
      if (count > 0 && replaced === count) break;
      pieces.push(text.slice(index, match.start), expand(match));
      index = match.end;
      replaced++;
    }
    pieces.push(text.slice(index));
    return { text: pieces.join(''), count: replaced };
  }

  /** The text between matches, with the groups of each match in between, as re.split. */
  split(text: string, limit = 0): (string | undefined)[] {
    const parts: (string | undefined)[] = [];
    let index = 0;
    let count = 0;
    for (const match of this.findAll(text)) {
      if (limit > 0 && count++ === limit) break;
      parts.push(text.slice(index, match.start), ...match.groups.slice(1));
      index = match.end;
    }
    parts.push(text.slice(index));
    return parts;
  }

  /** A replacement that is used many times, read once. */
  #expander(replacement: string): (match: PythonMatch) => string {
    const parts = parseReplacement(replacement, this.groupCount, this.names);
    return ({ groups }) => parts.map((part) => (typeof part === 'string' ? part : (groups[part] ?? ''))).join('');
  }

  #read(found: RegExpExecArray | null, shift = 0): PythonMatch | undefined {
    if (!found) return undefined;
    const start = found.index;
    const groups = this.#translated.groups.map((group) => found[group === 0 ? 0 : group + shift]);
    return { start, end: start + found[0].length, groups, names: this.names };
  }
}

const isInsideCharacter = (text: string, index: number): boolean => index > 0 && text.codePointAt(index - 1)! > 0xffff;

const nextCharacter = (text: string, index: number): number =>
  index + ((text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1);

const compiled = new Map<string, PythonRegex>();
const mostCompiled = 512;

/** A pattern compiled as Python's re.compile does; kept, since loops use the same few again and again. */
export const pythonRegex = (pattern: string, flags: RegexFlags = {}): PythonRegex => {
  const key = `${flags.ignoreCase ? 'i' : ''}${flags.multiline ? 'm' : ''}${flags.dotAll ? 's' : ''}${flags.verbose ? 'x' : ''}${flags.ascii ? 'a' : ''}/${pattern}`;
  const known = compiled.get(key);
  if (known) return known;
  const regex = new PythonRegex(pattern, flags);
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(key, regex);
  return regex;
};

/** Python's re.escape. */
export const escapeRegex = (text: string): string =>
  text.replace(/[\t\n\v\f\r #$&()*+\-.?[\\\]^{|}~]/g, (character) => `\\${character}`);
