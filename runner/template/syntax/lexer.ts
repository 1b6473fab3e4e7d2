import type { Token } from 'nunjucks/src/parser.js';
import { syntaxError } from './fail.ts';
import { LineIndex } from './line-index.ts';
import { lex, type Piece } from './scan.ts';
import type { Syntax } from './settings.ts';
import { unescapeText } from './text-literal.ts';

/** The tokens of a template in the form that Nunjucks's parser takes, with an `eof` token at the end, again and again. */
export class Lexer {
  readonly syntax: Syntax;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(source: string, syntax: Syntax) {
    this.syntax = syntax;
    this.#tokens = tokenize(source, syntax);
  }
  nextToken(): Token {
    const token = this.look();
    this.#next++;
    return token;
  }
  /** The token that `nextToken` gives next, or one `further` on. */
  look(further = 0): Token {
    return this.#tokens[Math.min(this.#next + further, this.#tokens.length - 1)]!;
  }
  /** Makes `nextToken` give the last token again. */
  back(): void {
    this.#next--;
  }
}

const tokenize = (text: string, syntax: Syntax): Token[] => {
  const source = normalize(text, syntax);
  const lines = new LineIndex(source);
  const { pieces, inserted } = lexEscaped(source, syntax, lines);
  const tokens: Token[] = [];
  let shift = 0;
  for (const { type, value, start } of pieces) {
    if (type === 'comment') continue;
    while (shift < inserted.length && inserted[shift]! < start) shift++;
    const { line, column } = lines.at(start - shift);
    tokens.push({ type, value: tokenValue(type, value, syntax, line, column), lineno: line, colno: column });
  }
  const end = lines.at(source.length);
  tokens.push({ type: 'eof', value: 'end of template', lineno: end.line, colno: end.column });
  return tokens;
};

// Jinja2 knows only \n, and drops the last one.
const normalize = (text: string, syntax: Syntax): string => {
  const source = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return !syntax.keepTrailingNewline && source.endsWith('\n') ? source.slice(0, -1) : source;
};

const tokenValue = (type: string, value: string, syntax: Syntax, line: number, column: number): string => {
  switch (type) {
    case 'string':
      try {
        return unescapeText(value.slice(1, -1));
      } catch (error) {
        throw syntaxError(error instanceof SyntaxError ? error.message : String(error), { line, column });
      }
    case 'data':
      return syntax.newlineSequence === '\n' ? value : value.replaceAll('\n', syntax.newlineSequence);
    default:
      return value;
  }
};

// Ansible doubles the backslashes of the text literals inside {{ }} and reads the result, whatever it now means.
const lexEscaped = (
  source: string,
  syntax: Syntax,
  lines: LineIndex,
): { pieces: readonly Piece[]; inserted: readonly number[] } => {
  const pieces = lex(source, syntax, lines);
  if (!syntax.escapeBackslashes || !source.includes('\\') || !source.includes('{{')) return { pieces, inserted: [] };
  const inserted: number[] = [];
  const parts: string[] = [];
  let isVariable = false;
  let done = 0;
  for (const { type, start, value } of pieces) {
    if (type === 'variable-start') isVariable = true;
    else if (type === 'variable-end') isVariable = false;
    else if (type === 'string' && isVariable && value.includes('\\')) {
      for (let at = value.indexOf('\\'); at !== -1; at = value.indexOf('\\', at + 1)) {
        parts.push(source.slice(done, start + at), '\\');
        done = start + at;
        inserted.push(done + inserted.length);
      }
    }
  }
  if (inserted.length === 0) return { pieces, inserted };
  const escaped = parts.join('') + source.slice(done);
  return { pieces: lex(escaped, syntax, new LineIndex(escaped)), inserted };
};
