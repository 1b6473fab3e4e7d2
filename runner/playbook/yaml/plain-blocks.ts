import type { Dict, Value } from '../../values/index.ts';
import type { Builder } from './builder.ts';
import { MappingEntries } from './mapping-entries.ts';
import { deepest, emptyNode, type Node } from './nodes.ts';
import { type Entry, recordOrigins } from './origins.ts';
import { PlainFlow } from './plain-flow.ts';
import { PlainLines } from './plain-lines.ts';
import { behind, key, other, quotes, unquote } from './plain-words.ts';
import type { SourceText } from './source-text.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

/**
 * Reads a document of the plainest and most frequent kind: mappings and lists in lines of their own or in brackets on one
 * line, texts below `|` and `>`, plain words, and quotes with the usual escapes on one line. It gives up, by undefined, at
 * anything else and at all that might be a mistake; the whole grammar is read elsewhere, which takes eight times as long.
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
const plain = /^(?:[\w/.(~+$^]|-(?=[^ ]))(?:[^:#]|:(?! )|(?<! )#)*$/;
const comment = / +#.*$/;
const blockHeader = /^([|>])(-?)$/;

class Reader {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #builder: Builder;
  readonly #lines: PlainLines;
  readonly #flow: PlainFlow;
  #depth = 0;

  constructor(source: SourceText, builder: Builder) {
    this.#source = source;
    this.#text = source.text;
    this.#builder = builder;
    this.#lines = new PlainLines(source.text);
    this.#flow = new PlainFlow(source, builder);
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
    return this.#value(inner, end, column);
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
      const node = inner >= end ? this.#below(column, colon + 1, true) : this.#value(inner, end, column);
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

  /** What stands behind a key or a dash. */
  #value(start: number, end: number, column: number): Node {
    const first = this.#text[start];
    if (first === '|' || first === '>') return this.#blockText(start, end, column);
    if (first === '[' || first === '{') {
      const node = this.#flow.read(start, end, this.#depth);
      this.#endValue(column);
      return node;
    }
    const inQuotes = this.#quoted(start, end);
    const scalar =
      inQuotes === undefined
        ? { value: this.#words(start, end), isPlain: true, start, textStart: start }
        : { value: inQuotes, isPlain: false, start, textStart: start + 1 };
    this.#endValue(column);
    return { value: this.#builder.scalar(scalar, undefined, false), start, kind: 'scalar', isMerge: false };
  }

  #quoted(start: number, end: number): string | undefined {
    if (this.#text[start] !== '"' && this.#text[start] !== "'") return undefined;
    quotes.lastIndex = start;
    const written = quotes.exec(this.#text)?.[0];
    if (written === undefined || !behind.test(this.#text.slice(start + written.length, end))) throw other;
    return unquote(written);
  }

  #words(start: number, end: number): string {
    const written = this.#text.slice(start, end);
    const text = written.includes(' #') ? written.replace(comment, '') : written;
    if (!plain.test(text) || text.endsWith(':')) throw other;
    return text;
  }

  #blockText(start: number, end: number, column: number): Node {
    const [, style, chomp] = blockHeader.exec(this.#text.slice(start, end)) ?? [];
    if (style === undefined) throw other;
    const { value, textStart } = this.#lines.readText(column, style === '>', chomp !== '-');
    this.#endValue(column);
    const scalar = { value, isPlain: false, start, textStart };
    return { value: this.#builder.scalar(scalar, undefined, false), start, kind: 'scalar', isMerge: false };
  }

  /** Goes on behind a value, which must not go on in the next line. */
  #endValue(column: number): void {
    const next = this.#lines.advance();
    if (next && next.indent > column) throw other;
  }

  /** Where the next line of a block begins; undefined when the block ends before it. */
  #next(column: number): number | undefined {
    const line = this.#lines.current;
    if (!line || line.indent < column) return undefined;
    if (line.indent > column) throw other;
    return line.start;
  }
}
