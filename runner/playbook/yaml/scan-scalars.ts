import { end, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isFlowIndicator } from './characters.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

/** Where a scalar ended and what it says. */
export interface Scanned {
  readonly value: string;
  readonly end: number;
  /** Where the scanner goes on: behind the white space that was looked at. */
  readonly next: number;
  /** Whether a line break was passed, so that a key may follow. */
  readonly crossedLine: boolean;
  readonly textStart: number;
}

/** A line break as YAML hands it over: all the usual ones are `\n`. */
const readBreak = (text: string, index: number): string => {
  const code = text.charCodeAt(index);
  return code === 0x2028 || code === 0x2029 ? text[index]! : '\n';
};

export const breakLength = (text: string, index: number): number =>
  text.charCodeAt(index) === 0x0d && text.charCodeAt(index + 1) === 0x0a ? 2 : 1;

/** `---` or `...` at the start of a line, which ends whatever is going on. */
export const isDocumentMark = (text: string, index: number): boolean => {
  const code = text.charCodeAt(index);
  return (
    (code === 0x2d || code === 0x2e) &&
    text.charCodeAt(index + 1) === code &&
    text.charCodeAt(index + 2) === code &&
    isBlankOrEnd(text.charCodeAt(index + 3))
  );
};

/** What the white space between two words of a scalar turns into: one break folds to a space, more become breaks. */
const fold = (breaks: readonly string[]): string => {
  const [first, ...others] = breaks;
  if (first !== '\n') return breaks.join('');
  return others.length === 0 ? ' ' : others.join('');
};

/** A plain scalar at `index`; `indent` is the column that its further lines must at least have. */
export const scanPlain = (text: string, index: number, indent: number, inFlow: boolean): Scanned => {
  const start = index;
  let value = '';
  let last = index;
  let lineStart = -1;
  let pending = '';
  let crossedLine = false;
  for (;;) {
    if (index === lineStart && isDocumentMark(text, index)) break;
    if (text.charCodeAt(index) === 0x23) break;
    const from = index;
    for (;;) {
      const code = text.charCodeAt(index);
      if (isBlankOrEnd(code)) break;
      if (code === 0x3a) {
        const next = text.charCodeAt(index + 1);
        if (isBlankOrEnd(next)) break;
        if (inFlow && (isFlowIndicator(next) || next === 0x3f)) {
          throw new SyntaxMistake("found unexpected ':'", index, 'a plain scalar');
        }
      } else if (inFlow && isFlowIndicator(code)) break;
      index++;
    }
    if (index > from) {
      value += pending + text.slice(from, index);
      last = index;
      pending = '';
      crossedLine = false;
    }
    const code = text.charCodeAt(index);
    if (!isBlank(code) && !isBreak(code)) break;
    const blanksFrom = index;
    const breaks: string[] = [];
    for (;;) {
      const space = text.charCodeAt(index);
      if (isBlank(space)) {
        if (breaks.length > 0 && space === 0x09 && index - lineStart < indent) {
          throw new SyntaxMistake('found a tab character that violates indentation', index, 'a plain scalar');
        }
        index++;
      } else if (isBreak(space)) {
        breaks.push(readBreak(text, index));
        index += breakLength(text, index);
        lineStart = index;
      } else break;
    }
    crossedLine = breaks.length > 0;
    pending = crossedLine ? fold(breaks) : text.slice(blanksFrom, index);
    if (crossedLine && !inFlow && index - lineStart < indent) break;
  }
  return { value, end: last, next: index, crossedLine, textStart: start };
};

/** A scalar in single or double quotes. */
export const scanQuoted = (text: string, start: number): Scanned => {
  const quote = text.charCodeAt(start);
  const isSingle = quote === 0x27;
  let index = start + 1;
  let lineStart = -1;
  let value = '';
  for (;;) {
    if (index === lineStart && isDocumentMark(text, index)) {
      throw new SyntaxMistake('found unexpected document indicator', index, 'a quoted scalar');
    }
    if (text.charCodeAt(index) === end) {
      throw new SyntaxMistake('found unexpected end of stream', start, 'a quoted scalar');
    }
    const breaks: string[] = [];
    let escapedBreak = false;
    let from = index;
    for (;;) {
      const code = text.charCodeAt(index);
      if (isBlankOrEnd(code)) break;
      if (code === quote) {
        if (!isSingle || text.charCodeAt(index + 1) !== quote) break;
        value += text.slice(from, index + 1);
        index += 2;
        from = index;
      } else if (code === 0x5c && !isSingle) {
        value += text.slice(from, index);
        if (isBreak(text.charCodeAt(index + 1))) {
          index += 1 + breakLength(text, index + 1);
          lineStart = index;
          from = index;
          escapedBreak = true;
          break;
        }
        const escaped = readEscape(text, index);
        value += escaped.value;
        index = escaped.next;
        from = index;
      } else index++;
    }
    value += text.slice(from, index);
    if (!escapedBreak && text.charCodeAt(index) === quote) break;
    const blanksFrom = index;
    for (;;) {
      const space = text.charCodeAt(index);
      if (isBlank(space)) index++;
      else if (isBreak(space)) {
        breaks.push(readBreak(text, index));
        index += breakLength(text, index);
        lineStart = index;
      } else break;
    }
    // Behind an escaped break, blanks are indentation, and each further break counts.
    if (escapedBreak) value += breaks.join('');
    else value += breaks.length > 0 ? fold(breaks) : text.slice(blanksFrom, index);
  }
  return { value, end: index + 1, next: index + 1, crossedLine: false, textStart: start + 1 };
};

const simpleEscapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const readEscape = (text: string, index: number): { value: string; next: number } => {
  const letter = text[index + 1]!;
  const simple = simpleEscapes[letter];
  if (simple !== undefined) return { value: simple, next: index + 2 };
  const length = hexLengths[letter];
  if (length === undefined) {
    throw new SyntaxMistake(`found unknown escape character '${letter}'`, index, 'a double-quoted scalar');
  }
  const digits = text.slice(index + 2, index + 2 + length);
  if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits)) {
    throw new SyntaxMistake(
      `did not find the ${length} hexadecimal digits of \\${letter}`,
      index,
      'a double-quoted scalar',
    );
  }
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw new SyntaxMistake('found invalid Unicode character escape code', index, 'a double-quoted scalar');
  }
  return { value: String.fromCodePoint(code), next: index + 2 + length };
};

/** A `|` or `>` scalar; `parentIndent` is the column of the collection it stands in, -1 at the top. */
export const scanBlock = (text: string, start: number, parentIndent: number): Scanned => {
  const isLiteral = text.charCodeAt(start) === 0x7c;
  const header = readHeader(text, start + 1);
  let index = header.next;
  const least = Math.max(parentIndent + 1, 1);
  let indent = header.increment === 0 ? 0 : parentIndent >= 0 ? parentIndent + header.increment : header.increment;
  let lineStart = index;

  const skipBreaks = (): string => {
    let breaks = '';
    let widest = 0;
    for (;;) {
      while ((indent === 0 || index - lineStart < indent) && text.charCodeAt(index) === 0x20) index++;
      widest = Math.max(widest, index - lineStart);
      if ((indent === 0 || index - lineStart < indent) && text.charCodeAt(index) === 0x09) {
        throw new SyntaxMistake(
          'found a tab character where an indentation space is expected',
          index,
          'a block scalar',
        );
      }
      if (!isBreak(text.charCodeAt(index))) break;
      breaks += readBreak(text, index);
      index += breakLength(text, index);
      lineStart = index;
    }
    if (indent === 0) indent = Math.max(widest, least);
    return breaks;
  };

  let trailing = skipBreaks();
  const textStart = index;
  let leading = '';
  let value = '';
  let endsAt = index;
  let wasBlank = false;
  while (index - lineStart === indent && text.charCodeAt(index) !== end) {
    const blankNow = isBlank(text.charCodeAt(index));
    if (!isLiteral && leading === '\n' && !wasBlank && !blankNow) {
      if (trailing === '') value += ' ';
    } else value += leading;
    value += trailing;
    wasBlank = blankNow;
    const from = index;
    while (!isBreakOrEnd(text.charCodeAt(index))) index++;
    value += text.slice(from, index);
    endsAt = index;
    leading = '';
    if (isBreak(text.charCodeAt(index))) {
      leading = readBreak(text, index);
      index += breakLength(text, index);
      lineStart = index;
    }
    trailing = skipBreaks();
  }
  if (header.chomp !== 'strip') value += leading;
  if (header.chomp === 'keep') value += trailing;
  return { value, end: endsAt, next: index, crossedLine: true, textStart };
};

const readHeader = (
  text: string,
  start: number,
): { chomp: 'clip' | 'strip' | 'keep'; increment: number; next: number } => {
  let chomp: 'clip' | 'strip' | 'keep' = 'clip';
  let increment = 0;
  let index = start;
  let seenChomp = false;
  for (;;) {
    const code = text.charCodeAt(index);
    if (!seenChomp && (code === 0x2b || code === 0x2d)) {
      chomp = code === 0x2b ? 'keep' : 'strip';
      seenChomp = true;
    } else if (increment === 0 && code >= 0x30 && code <= 0x39) {
      if (code === 0x30) {
        throw new SyntaxMistake('found an indentation indicator equal to 0', index, 'a block scalar');
      }
      increment = code - 0x30;
    } else break;
    index++;
  }
  while (isBlank(text.charCodeAt(index))) index++;
  if (text.charCodeAt(index) === 0x23) while (!isBreakOrEnd(text.charCodeAt(index))) index++;
  if (!isBreakOrEnd(text.charCodeAt(index))) {
    throw new SyntaxMistake('did not find expected comment or line break', index, 'a block scalar');
  }
  if (isBreak(text.charCodeAt(index))) index += breakLength(text, index);
  return { chomp, increment, next: index };
};
