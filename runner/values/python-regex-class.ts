import { PythonRegexError } from './python-regex-error.ts';

/** The members of \d, \w and \s as a JavaScript class has them, without brackets. */
export const categories = (ascii: boolean): Readonly<Record<'d' | 'w' | 's', string>> =>
  ascii
    ? { d: '0-9', w: 'a-zA-Z0-9_', s: '\\t-\\r\\x20' }
    : {
        d: '\\p{Nd}',
        w: '\\p{L}\\p{N}_',
        s: '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000',
      };

const controls: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Reads an escape that stands for one character, after its backslash: its code and where it ends. Undefined when the
 * escape is of another kind. `\b` is a backspace in classes only.
 */
export const readCharacterEscape = (
  pattern: string,
  index: number,
  inClass: boolean,
): { code: number; end: number } | undefined => {
  const letter = pattern[index]!;
  const hexLength = hexLengths[letter];
  if (hexLength !== undefined) {
    const digits = /^[0-9a-fA-F]*/.exec(pattern.slice(index + 1, index + 1 + hexLength))![0];
    if (digits.length < hexLength) throw new PythonRegexError(`incomplete escape \\${letter}${digits}`, index - 1);
    return { code: Number.parseInt(digits, 16), end: index + 1 + hexLength };
  }
  const octal = (inClass ? /^[0-7]{1,3}/ : /^(?:0[0-7]{0,2}|[0-3][0-7]{2})/).exec(pattern.slice(index));
  if (octal) return { code: Number.parseInt(octal[0], 8), end: index + octal[0].length };
  if (letter === 'b' && !inClass) return undefined;
  const control = controls[letter];
  if (control !== undefined) return { code: control, end: index + 1 };
  if (/[a-zA-Z0-9]/.test(letter)) return undefined;
  const code = letter.codePointAt(0)!;
  return { code, end: index + 1 };
};

/** A character as a JavaScript class or pattern with the `v` flag takes it. */
export const literal = (code: number): string => {
  const character = String.fromCodePoint(code);
  if (/[a-zA-Z0-9_]/.test(character) || (code > 0xa0 && !/\s/.test(character) && (code < 0xd800 || code > 0xdfff)))
    return character;
  return `\\u{${code.toString(16)}}`;
};

/** Both cases of a character, as members of a class. */
export const bothCases = (code: number): string => {
  const character = String.fromCodePoint(code);
  const others = new Set([character, character.toLowerCase(), character.toUpperCase()]);
  return [...others]
    .filter((other) => [...other].length === 1)
    .map((other) => literal(other.codePointAt(0)!))
    .join('');
};

interface ClassOptions {
  readonly ascii: boolean;
  /** Write letters in both cases, where the flag of the whole pattern cannot be used. */
  readonly expandCase: boolean;
}

/** Reads a class whose `[` stands at `start`: its JavaScript form and where it ends. */
export const readClass = (pattern: string, start: number, options: ClassOptions): { source: string; end: number } => {
  const sets = categories(options.ascii);
  let index = start + 1;
  const isNegated = pattern[index] === '^';
  if (isNegated) index++;
  const first = index;
  let members = '';

  const readMember = (): number | string => {
    const character = pattern[index];
    if (character === undefined) throw new PythonRegexError('unterminated character set', start);
    if (character !== '\\') {
      const code = pattern.codePointAt(index)!;
      index += code > 0xffff ? 2 : 1;
      return code;
    }
    const letter = pattern[index + 1];
    if (letter === undefined) throw new PythonRegexError('bad escape (end of pattern)', index, true);
    if (letter === 'd' || letter === 'w' || letter === 's') {
      index += 2;
      return sets[letter];
    }
    if (letter === 'D' || letter === 'W' || letter === 'S') {
      index += 2;
      return `[^${sets[letter.toLowerCase() as 'd']}]`;
    }
    const escaped = readCharacterEscape(pattern, index + 1, true);
    if (escaped === undefined) throw new PythonRegexError(`bad escape \\${letter}`, index);
    index = escaped.end;
    return escaped.code;
  };

  while (pattern[index] !== ']' || index === first) {
    const at = index;
    const low = readMember();
    if (pattern[index] !== '-' || pattern[index + 1] === ']') {
      members += typeof low === 'string' ? low : options.expandCase ? bothCases(low) : literal(low);
      continue;
    }
    index++;
    const high = readMember();
    const shown = pattern.slice(at, index);
    if (typeof low === 'string' || typeof high === 'string' || low > high)
      throw new PythonRegexError(`bad character range ${shown}`, at);
    members += `${literal(low)}-${literal(high)}`;
    if (options.expandCase) members += otherCaseRange(low, high);
  }
  return { source: `[${isNegated ? '^' : ''}${members}]`, end: index + 1 };
};

// Only the Latin letters: scoped case flags together with ranges of other alphabets are as good as never seen.
const otherCaseRange = (low: number, high: number): string => {
  const shifted = (from: number, to: number, by: number): string => {
    const start = Math.max(low, from);
    const end = Math.min(high, to);
    return start > end ? '' : `${literal(start + by)}-${literal(end + by)}`;
  };
  return shifted(0x61, 0x7a, -32) + shifted(0x41, 0x5a, 32);
};
