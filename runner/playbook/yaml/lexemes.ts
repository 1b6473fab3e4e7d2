import { Lexer } from 'yaml';

/** What the lexer says before a plain or block scalar, at the start of a document, and where it gives a bracket up. */
export const scalarFollows = '\u001f';
export const documentFollows = '\u0002';
export const flowBreaksOff = '\u0018';

/**
 * The lexer's tokens of a text, by YAML 1.1's rules where they differ. Lines inside brackets and quotes may stand at any column for libyaml, but the lexer wants
 * them further in than what they belong to. So a fresh lexer, which knows of no indentation yet, reads on from a bracket
 * that opens, and behind quotes that the lexer cut short.
 */
export class Lexemes {
  readonly #text: string;
  #lexer: Generator<string, void>;
  #offset = 0;
  #level = 0;
  #isScalar = false;
  // The last one is next.
  readonly #following: string[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#lexer = new Lexer().lex(text);
  }

  next(): string | undefined {
    const value = this.#following.pop() ?? this.#lexer.next().value;
    if (value === undefined) return undefined;
    const lexeme = this.#isScalar ? value : this.#adapt(value);
    this.#isScalar = !this.#isScalar && lexeme === scalarFollows;
    // The marks are no part of the text.
    if (!this.#isScalar && lexeme !== documentFollows && lexeme !== flowBreaksOff) this.#offset += lexeme.length;
    return lexeme;
  }

  #adapt(lexeme: string): string {
    switch (lexeme[0]) {
      case scalarFollows: {
        // Inside brackets `?` and `:` are indicators, whatever follows them.
        indicators.lastIndex = this.#offset;
        const run = this.#level === 0 ? undefined : indicators.exec(this.#text)?.[0];
        if (run === undefined) break;
        this.#resume('['.repeat(this.#level), this.#offset + run.length);
        this.#following.push(...[...run.slice(1)].reverse());
        return run[0]!;
      }
      case '-':
        // Inside brackets a dash is text when no space follows it.
        if (this.#level === 0 || !/[,[\]{}]/.test(this.#text[this.#offset + 1] ?? '')) break;
        this.#resume(`${'['.repeat(this.#level)}""`, this.#offset + 1);
        this.#following.push(lexeme);
        return scalarFollows;
      case '[':
      case '{':
        if (this.#level++ === 0) this.#resume('[', this.#offset + 1);
        break;
      case ']':
      case '}':
        this.#level = Math.max(0, this.#level - 1);
        break;
      case flowBreaksOff:
        this.#level = 0;
        break;
      case '"':
      case "'": {
        const end = endOfQuoted(this.#text, this.#offset);
        if (end === undefined || end <= this.#offset + lexeme.length) break;
        this.#resume(`${'['.repeat(this.#level)}""`, end);
        return this.#text.slice(this.#offset, end);
      }
    }
    return lexeme;
  }

  /** Goes on at `offset` by a lexer in the state that it has behind `before`. */
  #resume(before: string, offset: number): void {
    const lexer = new Lexer();
    for (const _ of lexer.lex(`${before}\n`, true));
    this.#lexer = lexer.lex(this.#text.slice(offset));
  }
}

const indicators = /[?:]{1,1000}/y;
const quoted = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^']*(?:''[^']*)*'/y;

const endOfQuoted = (text: string, offset: number): number | undefined => {
  quoted.lastIndex = offset;
  return quoted.test(text) ? quoted.lastIndex : undefined;
};
