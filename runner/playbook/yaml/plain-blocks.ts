import type { Dict, Value } from '../../values/index.ts';
import type { Builder } from './builder.ts';
import { MappingEntries } from './mapping-entries.ts';
import { deepest, emptyNode, type Node } from './nodes.ts';
import { type Entry, recordOrigins } from './origins.ts';
import type { SourceText } from './source-text.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

/** A line that says something: where its text begins and ends, without blanks around it. */
interface Line {
  readonly indent: number;
  readonly start: number;
  readonly end: number;
  /** Comments stand between it and the line before. */
  readonly isCommented: boolean;
}

/** Thrown where a text is not of the kind that is read here. */
const other = Symbol('not plain');

/**
 * Reads a document of the plainest and most frequent kind: mappings and lists in lines of their own, plain words, and
 * quotes without escapes, all on one line each. It gives up, by undefined, at anything else and at all that might be a
 * mistake; the whole grammar is read elsewhere, which takes eight times as long.
 */
export const readPlainBlocks = (source: SourceText, builder: Builder): { readonly value: Value } | undefined => {
  if (!readable.test(source.text)) return undefined;
  try {
    return { value: new Reader(source, builder).document() };
  } catch (error) {
    if (error === other || error instanceof SyntaxMistake) return undefined;
    throw error;
  }
};

// Neither tabs nor what some readers of YAML take for line breaks.
const readable = /^[\n\x20-\x7e\xa1-\u1fff\u2030-\ud7ff]*$/;
const key = /([A-Za-z_][\w./-]{0,200}):(?=[ \n]|$)/y;
const plain = /^(?:[\w/.(~+$^]|-(?=[^ ]))(?:[^:#]|:(?! )|(?<! )#)*$/;
const comment = / +#.*$/;
const quoted = /^(?:"[^"\\]*"|'[^']*')$/;

class Reader {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #builder: Builder;
  readonly #lines: Lines;
  #depth = 0;

  constructor(source: SourceText, builder: Builder) {
    this.#source = source;
    this.#text = source.text;
    this.#builder = builder;
    this.#lines = new Lines(source.text);
  }

  document(): Value {
    const first = this.#lines.current;
    if (!first) throw other;
    const { value } = this.#block(first.indent, first.start);
    if (this.#lines.current) throw other;
    return value;
  }

  /**
   * The mapping or list whose lines begin in `column`; the first of them goes on at `start`. `endsAtKey`: a list stands in
   * the column of the key that it belongs to, so that the next key ends it.
   */
  #block(column: number, start: number, endsAtKey = false): Node {
    if (++this.#depth >= deepest) throw other;
    const node = this.#isItem(start) ? this.#list(column, start, endsAtKey) : this.#mapping(column, start);
    this.#depth--;
    return node;
  }

  #isItem(start: number): boolean {
    const { end } = this.#lines.current!;
    return this.#text[start] === '-' && (start + 1 === end || this.#text[start + 1] === ' ');
  }

  #list(column: number, begin: number, endsAtKey: boolean): Node {
    const list: Value[] = [];
    const entries: Entry[] = [];
    let start: number | undefined = begin;
    while (start !== undefined && this.#isItem(start)) {
      const item = this.#item(column, start);
      entries.push({ key: list.length, value: item.value, keyIndex: item.start, valueIndex: item.start });
      list.push(item.value);
      start = this.#next(column);
    }
    if (start !== undefined && !endsAtKey) throw other;
    recordOrigins(list, this.#source, begin, entries);
    return { value: list, start: begin, kind: 'sequence', isMerge: false };
  }

  #item(column: number, start: number): Node {
    const { end } = this.#lines.current!;
    let inner = start + 1;
    while (this.#text[inner] === ' ') inner++;
    if (inner >= end) return this.#below(column, start + 1, false);
    if (this.#isItem(inner) || this.#keyAt(inner) !== undefined) {
      return this.#block(column + inner - start, inner);
    }
    return this.#scalar(inner, end, column);
  }

  #mapping(column: number, begin: number): Node {
    const map: Dict = new Map();
    const entries = new MappingEntries(() => {
      throw other;
    });
    for (let start: number | undefined = begin; start !== undefined; start = this.#next(column)) {
      const { end } = this.#lines.current!;
      const name = this.#keyAt(start);
      if (name === undefined) throw other;
      const value = this.#builder.scalar({ value: name, isPlain: true, start, textStart: start }, undefined, false);
      const colon = start + name.length;
      let inner = colon + 1;
      while (inner < end && this.#text[inner] === ' ') inner++;
      const node = inner >= end ? this.#below(column, colon + 1, true) : this.#scalar(inner, end, column);
      entries.add({ value, start, kind: 'scalar', isMerge: false }, node);
    }
    recordOrigins(map, this.#source, begin, entries.fill(map));
    return { value: map, start: begin, kind: 'mapping', isMerge: false };
  }

  #keyAt(start: number): string | undefined {
    key.lastIndex = start;
    return key.exec(this.#text)?.[1];
  }

  /** What belongs to a key or a dash and begins on the next line; nothing where that is not further in. */
  #below(column: number, at: number, isKey: boolean): Node {
    const line = this.#lines.advance();
    const isListOfKey = isKey && line?.indent === column && this.#isItem(line.start);
    if (!line || (line.indent <= column && !isListOfKey)) return emptyNode(at);
    if (line.isCommented) throw other;
    return this.#block(line.indent, line.start, isListOfKey);
  }

  #scalar(start: number, end: number, column: number): Node {
    const written = this.#text.slice(start, end);
    const text = written.includes(' #') ? written.replace(comment, '') : written;
    const isPlain = plain.test(text) && !text.endsWith(':');
    if (!isPlain && !quoted.test(text)) throw other;
    const next = this.#lines.advance();
    // It goes on in the next line.
    if (next && next.indent > column) throw other;
    const scalar = isPlain
      ? { value: text, isPlain, start, textStart: start }
      : { value: text.slice(1, -1), isPlain, start, textStart: start + 1 };
    return { value: this.#builder.scalar(scalar, undefined, false), start, kind: 'scalar', isMerge: false };
  }

  /** Where the next line of a block begins; undefined when the block ends before it. */
  #next(column: number): number | undefined {
    const line = this.#lines.current;
    if (!line || line.indent < column) return undefined;
    if (line.indent > column) throw other;
    return line.start;
  }
}

/** The lines with something in them, but for a `---` in front of everything; they are looked for as they are asked for. */
class Lines {
  readonly #text: string;
  #from = 0;
  #isFirst = true;
  #line: Line | undefined;

  constructor(text: string) {
    this.#text = text;
    this.advance();
  }

  get current(): Line | undefined {
    return this.#line;
  }

  advance(): Line | undefined {
    const text = this.#text;
    let isCommented = false;
    this.#line = undefined;
    while (this.#from < text.length && !this.#line) {
      const from = this.#from;
      let until = text.indexOf('\n', from);
      if (until === -1) until = text.length;
      this.#from = until + 1;
      let start = from;
      while (start < until && text[start] === ' ') start++;
      let end = until;
      while (end > start && text[end - 1] === ' ') end--;
      if (start === end) continue;
      if (text[start] === '#') isCommented = true;
      else if (start === from && mark.test(text.slice(start, start + 3))) {
        // The document begins.
        if (!this.#isFirst || isCommented || text.slice(start, end) !== '---') throw other;
        this.#isFirst = false;
      } else {
        this.#isFirst = false;
        this.#line = { indent: start - from, start, end, isCommented };
      }
    }
    return this.#line;
  }
}

const mark = /^(?:---|\.\.\.|%)/;
