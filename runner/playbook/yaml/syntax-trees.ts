import { type CST, Parser } from 'yaml';
import { Lexemes } from './lexemes.ts';
import { LineStarts } from './line-starts.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

const deepestNesting = 500;

/** The library's syntax trees of a text, made by YAML 1.1's rules where they differ. */
export class SyntaxTrees {
  /** The text as it is read, with the same places in it. */
  readonly text: string;
  readonly #parser = new Parser();
  readonly #lineStarts = new LineStarts(this.#parser);
  readonly #lexemes: Lexemes;
  readonly #tokens: CST.Token[] = [];
  #isAtEnd = false;
  #mistake: SyntaxMistake | undefined;

  constructor(text: string) {
    this.text = withLineBreaks(text);
    this.#lexemes = new Lexemes(this.text);
  }

  /**
   * Directives, documents and what else stands between them. A document comes as soon as its outermost block collection
   * begins: `itemsOf` reads on, and `finish` reads the rest.
   */
  *read(): Generator<CST.Token, void> {
    for (;;) {
      const token = this.#tokens.shift();
      if (token !== undefined) yield token;
      else if (this.#open !== undefined) yield this.#parser.stack[0]!;
      else if (!this.#step()) break;
    }
    if (this.#mistake !== undefined) throw this.#mistake;
  }

  /** A document's node; the outermost block collection may not have all of its items yet. */
  valueOf(document: CST.Document): CST.Token | undefined {
    return document.value ?? (document === this.#parser.stack[0] ? this.#open : undefined);
  }

  /** A collection's items. Those of the outermost one are let go when they were read, which keeps large files small. */
  itemsOf(collection: CST.BlockMap | CST.BlockSequence): Iterable<CST.CollectionItem> {
    return collection === this.#open ? this.#readItems(collection) : collection.items;
  }

  *#readItems(collection: CST.BlockMap | CST.BlockSequence): Generator<CST.CollectionItem, void> {
    const { items } = collection;
    while (collection === this.#open) {
      // The parser may still change the last one.
      while (items.length > 1) yield items.shift()!;
      this.#step();
    }
    yield* items;
  }

  /** Reads a document to its end. */
  finish(document: CST.Document): void {
    while (this.#parser.stack[0] === document) this.#step();
    if (this.#tokens[0] === document) this.#tokens.shift();
  }

  /** Of a mistake in a tree and the one that ended the reading, the one further up. */
  earlier(error: unknown): unknown {
    if (this.#mistake === undefined || !(error instanceof SyntaxMistake)) return error;
    return error.index < this.#mistake.index ? error : this.#mistake;
  }

  /** The outermost block collection, while it is being read. */
  get #open(): CST.BlockMap | CST.BlockSequence | undefined {
    const token = this.#parser.stack[1];
    return token?.type === 'block-map' || token?.type === 'block-seq' ? token : undefined;
  }

  /** Lets the parser have one more token; false when there is none. */
  #step(): boolean {
    if (this.#isAtEnd) return false;
    const lexeme = this.#lexemes.next();
    if (lexeme === undefined) this.#end();
    else {
      try {
        this.#take(lexeme);
      } catch (error) {
        if (!(error instanceof SyntaxMistake)) throw error;
        this.#mistake = error;
        this.#end();
      }
    }
    return true;
  }

  #take(lexeme: string): void {
    const parser = this.#parser;
    if (!this.#lineStarts.isNeeded(lexeme)) {
      parser.offset += lexeme.length;
      return;
    }
    if (parser.stack.length > deepestNesting) throw new SyntaxMistake('is nested too deeply', parser.offset);
    const name = lexeme[0] === '&' || lexeme[0] === '*' ? /^.[\w-]+(?=:$)/.exec(lexeme)?.[0] : undefined;
    if (name === undefined) this.#keep(parser.next(lexeme));
    else {
      // In YAML 1.1 a colon ends the name of an anchor.
      this.#keep(parser.next(name));
      this.#keep(parser.next(':'));
    }
  }

  #end(): void {
    this.#isAtEnd = true;
    this.#keep(this.#parser.end());
  }

  #keep(tokens: Generator<CST.Token, void>): void {
    for (let next = tokens.next(); next.done !== true; next = tokens.next()) this.#tokens.push(next.value);
  }
}

/** The text with all of YAML 1.1's line breaks as the lexer knows them. Throws for characters that YAML does not allow. */
const withLineBreaks = (text: string): string => {
  const index = text.search(forbidden);
  if (index !== -1) {
    const code = text.codePointAt(index)!.toString(16).padStart(4, '0');
    throw new SyntaxMistake(`found the control character #x${code}, which YAML does not allow`, index);
  }
  return text.replace(/\r(?!\n)|\x85/g, '\n');
};

const forbidden = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
