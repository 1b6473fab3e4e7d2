import type { Parser } from 'yaml';
import { documentFollows, flowBreaksOff, scalarFollows } from './lexemes.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

/**
 * Follows the lexer's tokens to know where the key of a block mapping could begin, for white space matters only there:
 * libyaml refuses tabs in these places, which the parser does not, and elsewhere the parser need not see blanks, comments and empty lines.
 */
export class LineStarts {
  readonly #parser: Parser;
  #mayBeKey = true;
  #level = 0;
  #column = 0;
  #isText = false;
  #isBelowPlain = false;
  #isHeader = false;

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** Whether the parser needs a token. Throws for a misplaced tab. */
  isNeeded(lexeme: string): boolean {
    if (this.#isText) {
      this.#isText = false;
      this.#mayBeKey = this.#isHeader;
      this.#isBelowPlain = !this.#isHeader;
      this.#isHeader = false;
      this.#column = 0;
      return true;
    }
    switch (lexeme[0]) {
      case scalarFollows:
        this.#isText = true;
        return true;
      case ' ':
      case '\t':
        if (!this.#mayBeKey || this.#level > 0) return this.#isHeader;
        this.#checkTabs(lexeme);
        this.#column += lexeme.length;
        return true;
      case '#':
        this.#isBelowPlain = false;
        return this.#isHeader;
      case '\r':
      case '\n':
        if (this.#mayBeKey && this.#column === 0) return false;
        this.#mayBeKey = true;
        this.#column = 0;
        return true;
      case documentFollows:
      case flowBreaksOff:
        this.#level = 0;
        return true;
      case '[':
      case '{':
        this.#level++;
        break;
      case ']':
      case '}':
        this.#level--;
        break;
      case '|':
      case '>':
        this.#isHeader = true;
        break;
    }
    this.#isBelowPlain = false;
    this.#column += lexeme.length;
    this.#mayBeKey &&= lexeme === '-' || lexeme === '?' || lexeme === ':';
    return true;
  }

  #checkTabs(blanks: string): void {
    const tab = blanks.indexOf('\t');
    // A line below plain text may be its continuation, where tabs do no harm behind enough spaces.
    if (tab === -1 || (this.#isBelowPlain && this.#column + tab > this.#indent())) return;
    const message = this.#isBelowPlain
      ? 'found a tab character that violates indentation'
      : 'found character that cannot start any token';
    throw new SyntaxMistake(message, this.#parser.offset + tab);
  }

  /** The column of the block collection that is open. */
  #indent(): number {
    const block = this.#parser.stack.findLast(({ type }) => type === 'block-map' || type === 'block-seq');
    return block !== undefined && 'indent' in block ? block.indent : -1;
  }
}
