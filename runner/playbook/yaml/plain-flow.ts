import type { Dict, Value } from '../../values/index.ts';
import type { Builder } from './builder.ts';
import { MappingEntries } from './mapping-entries.ts';
import { deepest, type Node } from './nodes.ts';
import { type Entry, recordOrigins } from './origins.ts';
import { behind, key, other, quotes, unquote } from './plain-words.ts';
import type { SourceText } from './source-text.ts';

const plain = /(?:[\w/.(~+$^]|-(?=[\w./]))(?:[^,:#?[\]{}]|:(?=[\w/.]))*/y;

/** Reads `[…]` and `{…}` that end on their line, and throws `other` at what is not plain in them. */
export class PlainFlow {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #builder: Builder;
  #at = 0;
  #end = 0;

  constructor(source: SourceText, builder: Builder) {
    this.#source = source;
    this.#text = source.text;
    this.#builder = builder;
  }

  /** The collection between `start` and the `end` of its line, behind which only a comment may stand. */
  read(start: number, end: number, depth: number): Node {
    this.#at = start;
    this.#end = end;
    const node = this.#node(depth);
    if (!behind.test(this.#text.slice(this.#at, end))) throw other;
    return node;
  }

  #node(depth: number): Node {
    const first = this.#text[this.#at];
    if (depth >= deepest) throw other;
    if (first === '[') return this.#sequence(depth + 1);
    if (first === '{') return this.#mapping(depth + 1);
    return this.#scalar();
  }

  #sequence(depth: number): Node {
    const start = this.#at;
    const list: Value[] = [];
    const entries: Entry[] = [];
    this.#items(']', () => {
      const item = this.#node(depth);
      entries.push({ key: list.length, value: item.value, keyIndex: item.start, valueIndex: item.start });
      list.push(item.value);
    });
    recordOrigins(list, this.#source, start, entries);
    return { value: list, start, kind: 'sequence', isMerge: false };
  }

  #mapping(depth: number): Node {
    const start = this.#at;
    const map: Dict = new Map();
    const entries = new MappingEntries(() => {
      throw other;
    });
    this.#items('}', () => {
      key.lastIndex = this.#at;
      const name = key.exec(this.#text)?.[1];
      if (name === undefined) throw other;
      const at = this.#at;
      const value = this.#builder.scalar({ value: name, isPlain: true, start: at, textStart: at }, undefined, false);
      this.#at += name.length + 1;
      this.#skipBlanks();
      entries.add({ value, start: at, kind: 'scalar', isMerge: false }, this.#node(depth));
    });
    recordOrigins(map, this.#source, start, entries.fill(map));
    return { value: map, start, kind: 'mapping', isMerge: false };
  }

  /** Goes from the bracket that opens to behind that which closes, and reads what stands between the commas. */
  #items(close: string, read: () => void): void {
    this.#at++;
    this.#skipBlanks();
    while (this.#text[this.#at] !== close) {
      read();
      this.#skipBlanks();
      if (this.#text[this.#at] === ',') {
        this.#at++;
        this.#skipBlanks();
      } else if (this.#text[this.#at] !== close) throw other;
    }
    this.#at++;
  }

  #scalar(): Node {
    const start = this.#at;
    const inQuotes = this.#match(quotes);
    const written = inQuotes ?? this.#match(plain);
    if (written === undefined || start + written.length > this.#end) throw other;
    this.#at += written.length;
    const scalar = inQuotes
      ? { value: unquote(inQuotes), isPlain: false, start, textStart: start + 1 }
      : { value: written.trimEnd(), isPlain: true, start, textStart: start };
    return { value: this.#builder.scalar(scalar, undefined, false), start, kind: 'scalar', isMerge: false };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === ' ') this.#at++;
    if (this.#at >= this.#end) throw other;
  }
}
