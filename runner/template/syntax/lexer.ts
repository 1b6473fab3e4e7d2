import type { Token } from 'nunjucks/src/parser.js';
import { syntaxError } from './fail.ts';
import { LineIndex } from './line-index.ts';
import { lex } from './scan.ts';
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
  const { escaped, inserted } = escapeBackslashes(source, syntax);
  const lines = new LineIndex(source);
  const tokens: Token[] = [];
  let shift = 0;
  lex(escaped, syntax, inserted.length === 0 ? lines : new LineIndex(escaped), (type, value, start) => {
    if (type === 'comment') return;
    while (shift < inserted.length && inserted[shift]! < start) shift++;
    const { line, column } = lines.at(start - shift);
    tokens.push({ type, value: tokenValue(type, value, syntax, line, column), lineno: line, colno: column });
  });
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
const escapeBackslashes = (
  source: string,
  syntax: Syntax,
): { readonly escaped: string; readonly inserted: readonly number[] } => {
  const inserted: number[] = [];
  if (!syntax.escapeBackslashes || !source.includes('\\') || !source.includes('{{'))
    return { escaped: source, inserted };
  const parts: string[] = [];
  let isVariable = false;
  let done = 0;
  lex(source, syntax, new LineIndex(source), (type, value, start) => {
    if (type === 'variable-start') isVariable = true;
    else if (type === 'variable-end') isVariable = false;
    else if (type === 'string' && isVariable) {
      for (let at = value.indexOf('\\'); at !== -1; at = value.indexOf('\\', at + 1)) {
        parts.push(source.slice(done, start + at), '\\');
        done = start + at;
        inserted.push(done + inserted.length);
      }
    }
  });
  return { escaped: parts.join('') + source.slice(done), inserted };
};
