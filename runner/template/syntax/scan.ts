import { syntaxError } from './fail.ts';
import type { LineIndex } from './line-index.ts';
import { patternsOf, tokenPatterns } from './patterns.ts';
import type { Syntax } from './settings.ts';

/** Takes a piece of a template's text. `value` is its text, for data after whitespace control. */
export type TakePiece = (type: string, value: string, start: number) => void;

const closers: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

/** Cuts a template into pieces, with Jinja2's whitespace control applied. */
export const lex = (source: string, syntax: Syntax, lines: LineIndex, add: TakePiece): void => {
  const patterns = patternsOf(syntax);
  let position = 0;
  // Whether the last piece ended with a newline; lstrip_blocks works only on what begins a line.
  let isLineStart = true;

  const fail = (message: string, offset = position): never => {
    throw syntaxError(message, lines.at(offset));
  };
  const advance = (length: number): void => {
    position += length;
    if (length > 0) isLineStart = source[position - 1] === '\n';
  };

  // `-` strips the whitespace before a tag; lstrip_blocks that on its line, unless `+` forbids it.
  const addData = (text: string, sign: string, isVariable: boolean): void => {
    let kept = text;
    if (sign === '-') kept = trimEnd(text);
    else if (sign !== '+' && syntax.lstripBlocks && !isVariable) {
      const lineStart = text.lastIndexOf('\n') + 1;
      if ((lineStart > 0 || isLineStart) && lineStart < text.length && trimEnd(text.slice(lineStart)) === '') {
        kept = text.slice(0, lineStart);
      }
    }
    if (kept !== '') add('data', kept, position);
  };

  const readRaw = (start: number): void => {
    patterns.rawEnd.lastIndex = position;
    const match = patterns.rawEnd.exec(source);
    if (match === null) fail('the raw block is never closed: expected endraw', start);
    else {
      addData(source.slice(position, match.index), match[1]!, false);
      position = match.index;
      advance(match[0].length);
    }
  };

  const readComment = (start: number): void => {
    patterns.commentEnd.lastIndex = position;
    const match = patterns.commentEnd.exec(source);
    if (match === null) fail('the comment is never closed', start);
    else {
      add('comment', source.slice(position, match.index), position);
      position = match.index;
      advance(match[0].length);
    }
  };

  const readCode = (end: RegExp, endType: string): void => {
    const open: string[] = [];
    while (position < source.length) {
      end.lastIndex = position;
      const match = open.length === 0 ? end.exec(source) : null;
      if (match !== null) {
        add(endType, match[0], position);
        advance(match[0].length);
        return;
      }
      const code = source.charCodeAt(position);
      if (code <= 32 || code >= 128) {
        patterns.space.lastIndex = position;
        if (patterns.space.test(source)) {
          advance(patterns.space.lastIndex - position);
          continue;
        }
      }
      const { type, value } = readToken(source, position, fail);
      if (type === 'operator') checkBalance(value, open, fail);
      add(type, value, position);
      advance(value.length);
    }
    // A line statement may end with the text.
    if (endType === 'block-end' && end === patterns.lineStatementEnd) add(endType, '', position);
  };

  while (position < source.length) {
    patterns.tag.lastIndex = position;
    const match = patterns.tag.exec(source);
    if (match === null) {
      add('data', source.slice(position), position);
      break;
    }
    const groups = match.groups!;
    const isVariable = groups['variable'] !== undefined;
    addData(source.slice(position, match.index), groups['sign'] ?? groups['rawSign'] ?? '', isVariable);
    position = match.index;
    const start = position;
    advance(match[0].length);
    if (groups['raw'] !== undefined) readRaw(start);
    else if (groups['comment'] !== undefined) readComment(start);
    else if (groups['lineComment'] !== undefined) {
      const end = source.indexOf('\n', position);
      advance((end === -1 ? source.length : end) - position);
    } else if (isVariable) {
      add('variable-start', syntax.variableStart, start);
      readCode(patterns.variableEnd, 'variable-end');
    } else {
      add('block-start', syntax.blockStart, start);
      readCode(groups['lineStatement'] === undefined ? patterns.blockEnd : patterns.lineStatementEnd, 'block-end');
    }
  }
};

// Python's rstrip(): JavaScript's trimEnd() would also take U+FEFF and leave \x1c … \x1f and \x85.
const trimEnd = (text: string): string => text.replace(/[\s\x1c-\x1f\x85]+$/, '');

// The token at `position`; whitespace is skipped before.
const readToken = (
  source: string,
  position: number,
  fail: (message: string) => never,
): { type: string; value: string } => {
  const type = typeOf(source.charCodeAt(position));
  if (type === 'operator') {
    const two = source.slice(position, position + 2);
    if (twoCharacters.has(two)) return { type, value: two };
    if (oneCharacter.has(two[0]!)) return { type, value: two[0]! };
  } else if (type === 'number') {
    const float = matchAt(tokenPatterns.float, source, position);
    if (float !== undefined) return { type: 'float', value: float };
    const int = matchAt(tokenPatterns.int, source, position);
    if (int !== undefined) return { type: 'int', value: int };
  } else {
    const value = matchAt(tokenPatterns[type], source, position);
    if (value !== undefined) {
      if (type === 'symbol' && !isIdentifier.test(value)) fail('invalid character in a name');
      return { type, value };
    }
  }
  const character = String.fromCodePoint(source.codePointAt(position)!);
  return fail(`unexpected character ${character === "'" ? `"'"` : `'${character}'`}`);
};

const isIdentifier = /^(?:[A-Za-z_]\w*|[\p{ID_Start}_]\p{ID_Continue}*)$/u;
const twoCharacters = new Set(['**', '//', '==', '!=', '>=', '<=']);
const oneCharacter = new Set('-+*/%~[](){}<>=.:|,;');

// What a token that begins with this character can be.
const typeOf = (code: number): 'symbol' | 'number' | 'string' | 'operator' => {
  if (code >= 128 || code === 95 || (code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return 'symbol';
  if (code >= 48 && code <= 57) return 'number';
  return code === 34 || code === 39 ? 'string' : 'operator';
};

const matchAt = (pattern: RegExp, source: string, position: number): string | undefined => {
  pattern.lastIndex = position;
  return pattern.exec(source)?.[0];
};

const checkBalance = (operator: string, open: string[], fail: (message: string) => never): void => {
  const closer = closers[operator];
  if (closer !== undefined) open.push(closer);
  else if (operator === '}' || operator === ')' || operator === ']') {
    const expected = open.pop();
    if (expected === undefined) fail(`unexpected '${operator}'`);
    if (expected !== operator) fail(`unexpected '${operator}', expected '${expected}'`);
  }
};
