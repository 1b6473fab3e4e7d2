import nunjucks, { type Token } from 'nunjucks/src/parser.js';
import { didYouMean, type TemplateError } from '../../errors/index.ts';
import { syntaxError } from './fail.ts';
import type { Lexer } from './lexer.ts';
import type { Node } from './nodes.ts';

// Words that the `!`, `&&` and `||` of other languages are spelled with here.
const otherLanguages = new Map([
  ['|', "'or' is the word for 'one of the two'"],
  ['=', "'==' compares"],
]);

/** Nunjucks's parser with ways to look at and take Jinja2's tokens. */
export class TokenParser extends nunjucks.Parser<Lexer> {
  // Nunjucks's own ways of going through the tokens, without its search for whitespace.
  override nextToken(): Token {
    return this.tokens.nextToken();
  }

  override peekToken(): Token {
    return this.tokens.look();
  }

  override pushToken(_token: Token): void {
    this.tokens.back();
  }

  override error(message: string, lineno?: number, colno?: number): TemplateError {
    const token = this.peekToken();
    return syntaxError(message, { line: lineno ?? token.lineno, column: colno ?? token.colno });
  }

  /** Fails because of what stands next. */
  unexpected(expected: string): never {
    const token = this.peekToken();
    const hint = token.type === 'operator' ? otherLanguages.get(token.value) : undefined;
    const position = { line: token.lineno, column: token.colno };
    throw syntaxError(`expected ${expected}, got ${describe(token)}`, position, hint);
  }

  /** Takes the operator or bracket that has to stand next. */
  expectOperator(value: string): Token {
    if (!this.isOperator(value)) this.unexpected(`'${value}'`);
    return this.nextToken();
  }

  /** Takes the word that has to stand next. */
  expectWord(value: string): Token {
    if (!this.isWord(value)) this.unexpected(`'${value}'`);
    return this.nextToken();
  }

  /** Takes the name that has to stand next. */
  expectName(what = 'a name'): Token {
    if (this.peekToken().type !== 'symbol') this.unexpected(what);
    return this.nextToken();
  }

  skipOperator(value: string): boolean {
    return this.skipValue('operator', value);
  }

  isOperator(value: string): boolean {
    const token = this.peekToken();
    return token.type === 'operator' && token.value === value;
  }

  isWord(value: string): boolean {
    const token = this.peekToken();
    return token.type === 'symbol' && token.value === value;
  }

  /** The token after the next one. */
  look(): Token {
    return this.tokens.look(1);
  }

  lookIsWord(value: string): boolean {
    const token = this.look();
    return token.type === 'symbol' && token.value === value;
  }

  lookIsOperator(value: string): boolean {
    const token = this.look();
    return token.type === 'operator' && token.value === value;
  }
}

const describe = ({ type, value }: Token): string => {
  switch (type) {
    case 'variable-end':
      return `the end of the expression ('${value.trim()}')`;
    case 'block-end':
      return `the end of the tag ('${value.trim()}')`;
    case 'eof':
      return 'the end of the template';
    case 'string':
      return `text '${value}'`;
    default:
      return `'${value}'`;
  }
};

/** An unknown name of a tag, filter or test, with the nearest known one as a hint. */
export const unknownName = (kind: string, node: Node | Token, name: string, known: Iterable<string>): TemplateError =>
  syntaxError(unknownMessage(kind, name), { line: node.lineno, column: node.colno }, didYouMean(name, known));

/** What is said of a name that no tag, filter or test has. */
export const unknownMessage = (kind: string, name: string): string => {
  if (kind === 'tag') return `unknown tag '${name}'`;
  const isName = /^[A-Za-z_][\w.]*$/.test(name);
  return `Could not load "${name}": ${isName ? `there is no ${kind} of that name` : `'invalid plugin name: ansible.builtin.${name}'`}`;
};
