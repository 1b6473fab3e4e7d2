import { bothCases, categories, literal, readCharacterEscape, readClass } from './python-regex-class.ts';
import { PythonRegexError } from './python-regex-error.ts';

export interface RegexFlags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly dotAll?: boolean;
  readonly verbose?: boolean;
  readonly ascii?: boolean;
}

export interface TranslatedRegex {
  readonly source: string;
  readonly flags: string;
  /** The JavaScript group of each of Python's, counting from 1 (index 0 is the whole match). */
  readonly groups: readonly number[];
  readonly names: ReadonlyMap<string, number>;
}

type Flags = Required<{ -readonly [Key in keyof RegexFlags]: boolean }>;

const flagNames: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  x: 'verbose',
  a: 'ascii',
};

/** A pattern of Python's re as JavaScript's RegExp takes it. Throws PythonRegexError with Python's words. */
export const translateRegex = (pattern: string, flags: RegexFlags = {}): TranslatedRegex => {
  const all = { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false, ...flags };
  const leading = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  for (const letter of leading?.[1] ?? '') {
    const name = flagNames[letter];
    if (name !== undefined) all[name] = true;
  }
  // JavaScript can only ignore case as a whole, so where a group changes that, letters are spelled out in both cases.
  const hasScopedCase = /\(\?(?:[aLmsux]*i|[aiLmsux]*-[msx]*i)[imsx-]*:/.test(pattern);
  const translator = new Translator(pattern, leading?.[0].length ?? 0, hasScopedCase);
  const source = translator.read(all);
  const groups = translator.groups;
  return { source, groups, names: translator.names, flags: all.ignoreCase && !hasScopedCase ? 'vi' : 'v' };
};

class Translator {
  readonly groups: number[] = [0];
  readonly names = new Map<string, number>();
  readonly #pattern: string;
  readonly #expandCase: boolean;
  readonly #open = new Set<number>();
  #index: number;
  #jsGroups = 0;

  constructor(pattern: string, start: number, expandCase: boolean) {
    this.#pattern = pattern;
    this.#index = start;
    this.#expandCase = expandCase;
  }

  read(flags: Flags): string {
    const source = this.#readAlternatives(flags);
    if (this.#index < this.#pattern.length) throw new PythonRegexError('unbalanced parenthesis', this.#index);
    return source;
  }

  #readAlternatives(flags: Flags): string {
    let source = '';
    while (this.#index < this.#pattern.length && this.#pattern[this.#index] !== ')') {
      if (this.#pattern[this.#index] === '|') {
        source += '|';
        this.#index++;
      } else source += this.#readPiece(flags);
    }
    return source;
  }

  // Comments and, in verbose patterns, blanks: a quantifier after them belongs to what stands before them.
  #skipIgnored(flags: Flags): boolean {
    const ignored = flags.verbose ? /^(?:[ \t\n\r\f\v]+|#[^\n]*|\(\?#[^)]*\))+/ : /^(?:\(\?#[^)]*\))+/;
    const skipped = ignored.exec(this.#pattern.slice(this.#index));
    if (!skipped) return false;
    this.#index += skipped[0].length;
    return true;
  }

  // One item with its quantifier.
  #readPiece(flags: Flags): string {
    if (this.#skipIgnored(flags)) return '';
    const start = this.#index;
    const character = this.#pattern[start]!;
    if (/[*+?]/.test(character) || readBraces(this.#pattern, start))
      throw new PythonRegexError('nothing to repeat', start);
    const anchor = this.#readAnchor(character, flags);
    if (anchor !== undefined) {
      this.#skipIgnored(flags);
      if (this.#quantifier()) throw new PythonRegexError('nothing to repeat', this.#index);
      return anchor;
    }
    const item = this.#readItem(flags);
    this.#skipIgnored(flags);
    return this.#quantified(item);
  }

  #readAnchor(character: string, flags: Flags): string | undefined {
    if (character === '^' || character === '$') {
      this.#index++;
      return character === '^' ? lineStart(flags.multiline) : lineEnd(flags.multiline);
    }
    const letter = character === '\\' ? this.#pattern[this.#index + 1] : undefined;
    if (letter === undefined || !'AZbB'.includes(letter)) return undefined;
    this.#index += 2;
    if (letter === 'A') return lineStart(false);
    if (letter === 'Z') return '(?![\\s\\S])';
    const boundary = wordBoundary(categories(flags.ascii).w);
    return letter === 'b' ? boundary : `(?!${boundary})`;
  }

  #quantifier(): { text: string; length: number } | undefined {
    const character = this.#pattern[this.#index];
    if (character !== undefined && '*+?'.includes(character)) return { text: character, length: 1 };
    return readBraces(this.#pattern, this.#index);
  }

  #quantified(item: string): string {
    const found = this.#quantifier();
    if (!found) return item;
    this.#index += found.length;
    // Lookarounds take no quantifier in JavaScript.
    const base = item.startsWith('(?=') || item.startsWith('(?!') || item.startsWith('(?<') ? `(?:${item})` : item;
    const mode = this.#pattern[this.#index];
    if (mode === '?') {
      this.#index++;
      return this.#refuseSecond(`${base}${found.text}?`);
    }
    if (mode === '+') {
      this.#index++;
      return this.#refuseSecond(this.#atomic(`${base}${found.text}`));
    }
    return this.#refuseSecond(base + found.text);
  }

  #refuseSecond(source: string): string {
    if (this.#quantifier()) throw new PythonRegexError('multiple repeat', this.#index);
    return source;
  }

  // What a lookahead has matched is never given up, and a reference to it takes exactly that.
  #atomic(source: string): string {
    const name = `atomic${++this.#jsGroups}`;
    return `(?:(?=(?<${name}>${source}))\\k<${name}>)`;
  }

  #readItem(flags: Flags): string {
    const character = this.#pattern[this.#index]!;
    if (character === '(') return this.#readGroup(flags);
    if (character === '\\') return this.#readEscape(flags);
    if (character === '[') {
      const { source, end } = readClass(this.#pattern, this.#index, {
        ascii: flags.ascii,
        expandCase: this.#expandCase && flags.ignoreCase,
      });
      this.#index = end;
      return source;
    }
    if (character === '.') {
      this.#index++;
      return flags.dotAll ? '[\\s\\S]' : '[^\\n]';
    }
    const code = this.#pattern.codePointAt(this.#index)!;
    this.#index += code > 0xffff ? 2 : 1;
    return this.#character(code, flags);
  }

  #character(code: number, flags: Flags): string {
    return this.#expandCase && flags.ignoreCase ? `[${bothCases(code)}]` : literal(code);
  }

  #readEscape(flags: Flags): string {
    const start = this.#index;
    const letter = this.#pattern[start + 1];
    if (letter === undefined) throw new PythonRegexError('bad escape (end of pattern)', start, true);
    const sets = categories(flags.ascii);
    const simple: Readonly<Record<string, string>> = {
      d: `[${sets.d}]`,
      D: `[^${sets.d}]`,
      w: `[${sets.w}]`,
      W: `[^${sets.w}]`,
      s: `[${sets.s}]`,
      S: `[^${sets.s}]`,
    };
    const known = Object.hasOwn(simple, letter) ? simple[letter] : undefined;
    if (known !== undefined) {
      this.#index += 2;
      return known;
    }
    const character = readCharacterEscape(this.#pattern, start + 1, false);
    if (character) {
      this.#index = character.end;
      return this.#character(character.code, flags);
    }
    const digits = /^[1-9][0-9]?/.exec(this.#pattern.slice(start + 1));
    if (!digits) throw new PythonRegexError(`bad escape \\${letter}`, start);
    this.#index += 1 + digits[0].length;
    return this.#reference(Number(digits[0]), start + 1);
  }

  #reference(group: number, position: number): string {
    const target = this.groups[group];
    if (target === undefined) throw new PythonRegexError(`invalid group reference ${group}`, position);
    if (this.#open.has(group)) throw new PythonRegexError('cannot refer to an open group', position);
    return `(?:\\k<${groupName(group)}>)`;
  }

  #readGroup(flags: Flags): string {
    const start = this.#index;
    const rest = this.#pattern.slice(start);
    if (!rest.startsWith('(?')) return this.#capture(start, 1, undefined, flags);
    const name = /^\(\?P<([^>)]*)(>?)/.exec(rest);
    if (name) {
      if (name[2] === '') throw new PythonRegexError('missing >, unterminated name', start + 4);
      return this.#capture(start, name[0].length, name[1], flags);
    }
    const reference = /^\(\?P=([^)]*)\)/.exec(rest);
    if (reference) {
      const group = this.names.get(reference[1]!);
      if (group === undefined) throw new PythonRegexError(`unknown group name '${reference[1]}'`, start + 4);
      this.#index += reference[0].length;
      return this.#reference(group, start + 4);
    }
    const opening = /^\(\?(?:[:>=!]|<[=!])/.exec(rest);
    if (opening) {
      this.#index += opening[0].length;
      const body = this.#readAlternatives(flags);
      this.#close(start);
      return opening[0] === '(?>' ? this.#atomic(body) : `${opening[0]}${body})`;
    }
    return this.#readScopedFlags(start, rest, flags);
  }

  #readScopedFlags(start: number, rest: string, flags: Flags): string {
    const scoped = /^\(\?([aiLmsux]*)(?:-([imsx]+))?(:|\))/.exec(rest);
    if (!scoped) {
      if (rest.startsWith('(?('))
        throw new PythonRegexError('a conditional group (?(…)…) is beyond what is supported', start);
      throw new PythonRegexError(`unknown extension ?${rest[2] ?? ''}`, start + 1);
    }
    if (scoped[3] === ')') throw new PythonRegexError('global flags not at the start of the expression', start);
    const inner: Flags = { ...flags };
    for (const letter of scoped[1] ?? '') if (flagNames[letter] !== undefined) inner[flagNames[letter]] = true;
    for (const letter of scoped[2] ?? '') if (flagNames[letter] !== undefined) inner[flagNames[letter]] = false;
    this.#index += scoped[0].length;
    const body = this.#readAlternatives(inner);
    this.#close(start);
    return `(?:${body})`;
  }

  #capture(start: number, length: number, name: string | undefined, flags: Flags): string {
    const group = this.groups.length;
    if (name !== undefined) {
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
        throw new PythonRegexError(
          name === '' ? 'missing group name' : `bad character in group name '${name}'`,
          start + 4,
        );
      const before = this.names.get(name);
      if (before !== undefined)
        throw new PythonRegexError(
          `redefinition of group name '${name}' as group ${group}; was group ${before}`,
          start + 4,
        );
      this.names.set(name, group);
    }
    this.groups.push(++this.#jsGroups);
    this.#open.add(group);
    this.#index = start + length;
    const body = this.#readAlternatives(flags);
    this.#close(start);
    this.#open.delete(group);
    return `(?<${groupName(group)}>${body})`;
  }

  #close(start: number): void {
    if (this.#pattern[this.#index] !== ')') throw new PythonRegexError('missing ), unterminated subpattern', start);
    this.#index++;
  }
}

const groupName = (group: number): string => `g${group}`;

const lineStart = (multiline: boolean): string => (multiline ? '(?<![^\\n])' : '(?<![\\s\\S])');
// Python's $ also matches before a line break that ends the text.
const lineEnd = (multiline: boolean): string => (multiline ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))');
const wordBoundary = (word: string): string => `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`;

// `{` that does not begin a quantifier is plain text.
const readBraces = (pattern: string, index: number): { text: string; length: number } | undefined => {
  const braces = /^\{(\d*)(?:(,)(\d*))?\}/.exec(pattern.slice(index, index + 24));
  if (!braces) return undefined;
  const [text, low, comma, high] = braces;
  if (low === '' && comma === undefined) return undefined;
  if (low !== '' && high && Number(low) > Number(high))
    throw new PythonRegexError('min repeat greater than max repeat', index + 1);
  return { text: `{${low || '0'}${comma ?? ''}${high ?? ''}}`, length: text.length };
};
