import { type Dict, isEqual, Template, type Value } from '../../values/index.ts';
import { Builder, type BuildOptions } from './builder.ts';
import { type Entry, entriesOf, recordOrigins } from './origins.ts';
import { Scanner } from './scanner.ts';
import type { SourceText } from './source-text.ts';
import { SyntaxMistake } from './syntax-mistake.ts';
import type { Token, TokenKind } from './tokens.ts';

const deepestNesting = 500;
const coreTags = 'tag:yaml.org,2002:';

interface Node {
  readonly value: Value;
  readonly start: number;
  readonly kind: 'scalar' | 'mapping' | 'sequence';
  /** A plain `<<`, or one tagged so: as a key it merges its value in. */
  readonly isMerge: boolean;
}

/** Reads the tokens of one stream by YAML's grammar and builds its documents' values at once. */
export class Composer {
  readonly #source: SourceText;
  readonly #scanner: Scanner;
  readonly #builder: Builder;
  #anchors = new Map<string, Node>();
  #handles = new Map<string, string>();
  #depth = 0;
  #unsafeDepth = 0;

  constructor(source: SourceText, options: BuildOptions) {
    this.#source = source;
    this.#scanner = new Scanner(source.text);
    this.#builder = new Builder(source, options);
  }

  /** The next document's value; undefined at the end of the stream. */
  nextDocument(): { value: Value; start: number } | undefined {
    this.#anchors = new Map();
    while (this.#next() === 'document end') this.#scanner.take();
    if (this.#next() === 'stream end') return undefined;
    const start = this.#scanner.peek().start;
    this.#readDirectives();
    let value: Value = null;
    if (this.#next() === 'document start') this.#scanner.take();
    if (!documentEnds.has(this.#next())) value = this.#readNode('block', false).value;
    if (!documentEnds.has(this.#next())) {
      throw new SyntaxMistake('did not find expected <document start>', this.#scanner.peek().start);
    }
    return { value, start };
  }

  #next(): TokenKind {
    return this.#scanner.peek().kind;
  }

  #readDirectives(): void {
    this.#handles = new Map([
      ['!', '!'],
      ['!!', coreTags],
    ]);
    const first = this.#scanner.peek();
    while (this.#next() === 'directive') {
      const directive = this.#scanner.take();
      const [name, ...words] = directive.value
        .slice(1)
        .replace(/\s#.*$/, '')
        .trim()
        .split(/\s+/);
      if (name === 'YAML') {
        if (!/^1\.\d+$/.test(words[0] ?? '')) {
          throw new SyntaxMistake('found incompatible YAML document', directive.start);
        }
      } else if (name === 'TAG' && words.length === 2) this.#handles.set(words[0]!, words[1]!);
      else throw new SyntaxMistake('found unknown directive name', directive.start, 'a directive');
    }
    if (first.kind === 'directive' && this.#next() !== 'document start') {
      throw new SyntaxMistake('did not find expected <document start>', this.#scanner.peek().start);
    }
  }

  #readNode(context: 'block' | 'flow', mayBeIndentless: boolean): Node {
    const first = this.#scanner.peek();
    if (first.kind === 'alias') {
      this.#scanner.take();
      const known = this.#anchors.get(first.value);
      if (known === undefined) throw new SyntaxMistake(`found undefined alias '${first.value}'`, first.start);
      return { ...known, start: first.start };
    }
    const { anchor, tag } = this.#readProperties();
    const token = this.#scanner.peek();
    if (++this.#depth > deepestNesting) throw new SyntaxMistake('is nested too deeply', token.start);
    const isUnsafe = tag?.name === '!unsafe';
    if (isUnsafe) this.#unsafeDepth++;
    // Containers are known by their anchor before they are filled, so that they may hold themselves.
    const keep = (node: Node): Node => {
      if (anchor !== undefined) this.#anchors.set(anchor.value, node);
      return node;
    };
    const node = this.#readContent(token, first, context, mayBeIndentless, tag, anchor !== undefined, keep);
    if (isUnsafe) this.#unsafeDepth--;
    this.#depth--;
    return node;
  }

  #readProperties(): { anchor: Token | undefined; tag: Tag | undefined } {
    let anchor: Token | undefined;
    let tag: Tag | undefined;
    for (;;) {
      const token = this.#scanner.peek();
      if (token.kind === 'anchor' && anchor === undefined) anchor = this.#scanner.take();
      else if (token.kind === 'tag' && tag === undefined) tag = this.#resolveTag(this.#scanner.take());
      else return { anchor, tag };
    }
  }

  #resolveTag(token: Token): Tag | undefined {
    const handle = token.handle ?? '';
    if (handle === '') return { name: token.value, start: token.start };
    const prefix = this.#handles.get(handle);
    if (prefix === undefined) throw new SyntaxMistake('found undefined tag handle', token.start);
    return { name: prefix + token.value, start: token.start };
  }

  #readContent(
    token: Token,
    first: Token,
    context: 'block' | 'flow',
    mayBeIndentless: boolean,
    tag: Tag | undefined,
    hasAnchor: boolean,
    keep: (node: Node) => Node,
  ): Node {
    const start = first.start;
    switch (token.kind) {
      case 'scalar': {
        this.#scanner.take();
        const value = this.#builder.scalar(token, tag, this.#unsafeDepth > 0);
        const isMerge = tag === undefined ? token.style === 'plain' && token.value === '<<' : tag.name === mergeTag;
        return keep({ value, start, kind: 'scalar', isMerge });
      }
      case '-':
        if (!mayBeIndentless) break;
        return this.#readSequence(start, tag, keep, (add) => this.#readIndentlessEntries(add));
      case '[':
        return this.#readSequence(start, tag, keep, (add) => this.#readFlowSequence(add));
      case '{':
        return this.#readMapping(start, tag, keep, (add) => this.#readFlowMapping(add));
      case 'block sequence':
        if (context !== 'block') break;
        return this.#readSequence(start, tag, keep, (add) => this.#readBlockSequence(add));
      case 'block mapping':
        if (context !== 'block') break;
        return this.#readMapping(start, tag, keep, (add) => this.#readBlockMapping(add));
    }
    if (tag === undefined && !hasAnchor) {
      throw new SyntaxMistake('did not find expected node content', token.start, `a ${context} node`);
    }
    const empty = { ...first, kind: 'scalar', end: start, value: '', style: 'plain', handle: undefined } as const;
    return keep({
      value: this.#builder.scalar(empty, tag, this.#unsafeDepth > 0),
      start,
      kind: 'scalar',
      isMerge: false,
    });
  }

  /** An absent key or value. */
  #empty(start: number): Node {
    return { value: null, start, kind: 'scalar', isMerge: false };
  }

  #readSequence(
    start: number,
    tag: Tag | undefined,
    keep: (node: Node) => Node,
    read: (add: (item: Node) => void) => void,
  ): Node {
    this.#builder.checkCollectionTag(tag, 'sequence');
    const list: Value[] = [];
    const entries: Entry[] = [];
    const node = keep({ value: list, start, kind: 'sequence', isMerge: false });
    read((item) => {
      entries.push({ key: list.length, value: item.value, keyIndex: item.start, valueIndex: item.start });
      list.push(item.value);
    });
    recordOrigins(list, this.#source, start, entries);
    const value = this.#builder.finishSequence(list, tag);
    return value === list ? node : keep({ ...node, value });
  }

  #readMapping(
    start: number,
    tag: Tag | undefined,
    keep: (node: Node) => Node,
    read: (add: (key: Node, value: Node) => void) => void,
  ): Node {
    this.#builder.checkCollectionTag(tag, 'mapping');
    const map: Dict = new Map();
    const own: Entry[] = [];
    const merged: Entry[] = [];
    const node = keep({ value: map, start, kind: 'mapping', isMerge: false });
    const seen = new Set<Value>();
    read((key, value) => {
      if (key.isMerge) {
        merged.push(...mergedEntries(value));
        return;
      }
      if (key.kind !== 'scalar') {
        const what = key.kind === 'mapping' ? 'a mapping' : 'a list';
        throw new SyntaxMistake(`found unacceptable key: ${what} cannot be a key`, key.start);
      }
      // Ansible renders values only, never keys.
      const text = key.value instanceof Template ? key.value.source : key.value;
      const name = typeof text === 'string' ? text : sameKey(seen, text);
      if (seen.has(name)) this.#builder.reportDuplicate(name, key.start);
      seen.add(name);
      own.push({ key: name, value: value.value, keyIndex: key.start, valueIndex: value.start });
    });
    const entries = merged.length === 0 ? own : [...merged, ...own];
    for (const entry of entries) map.set(entry.key, entry.value);
    recordOrigins(map, this.#source, start, entries);
    const value = this.#builder.finishMapping(map, tag);
    return value === map ? node : keep({ ...node, value });
  }

  #readBlockSequence(add: (item: Node) => void): void {
    this.#scanner.take();
    for (;;) {
      const token = this.#scanner.take();
      if (token.kind === 'block end') return;
      if (token.kind !== '-') {
        throw new SyntaxMistake("did not find expected '-' indicator", token.start, 'a block collection');
      }
      add(
        this.#next() === '-' || this.#next() === 'block end' ? this.#empty(token.end) : this.#readNode('block', false),
      );
    }
  }

  #readIndentlessEntries(add: (item: Node) => void): void {
    while (this.#next() === '-') {
      const token = this.#scanner.take();
      add(afterIndentlessEntry.has(this.#next()) ? this.#empty(token.end) : this.#readNode('block', false));
    }
  }

  #readBlockMapping(add: (key: Node, value: Node) => void): void {
    this.#scanner.take();
    for (;;) {
      const token = this.#scanner.take();
      if (token.kind === 'block end') return;
      if (token.kind !== 'key') throw new SyntaxMistake('did not find expected key', token.start, 'a block mapping');
      const key = keyOrValueEnds.has(this.#next()) ? this.#empty(token.end) : this.#readNode('block', true);
      if (this.#next() !== 'value') {
        add(key, this.#empty(this.#scanner.peek().start));
        continue;
      }
      const colon = this.#scanner.take();
      add(key, keyOrValueEnds.has(this.#next()) ? this.#empty(colon.end) : this.#readNode('block', true));
    }
  }

  #readFlowSequence(add: (item: Node) => void): void {
    this.#scanner.take();
    for (let isFirst = true; this.#next() !== ']'; isFirst = false) {
      if (!isFirst) {
        this.#expectComma("did not find expected ',' or ']'", 'a flow sequence');
        if (this.#next() === ']') break;
      }
      if (this.#next() === 'key') add(this.#readSinglePair());
      else add(this.#readNode('flow', false));
    }
    this.#scanner.take();
  }

  /** `[key: value]`: a mapping of one entry without brackets of its own. */
  #readSinglePair(): Node {
    const start = this.#scanner.take().start;
    const keep = (node: Node): Node => node;
    return this.#readMapping(start, undefined, keep, (add) => {
      const key =
        singlePairEnds.has(this.#next()) || this.#next() === 'value'
          ? this.#empty(start)
          : this.#readNode('flow', false);
      if (this.#next() !== 'value') {
        add(key, this.#empty(start));
        return;
      }
      const colon = this.#scanner.take();
      add(key, singlePairEnds.has(this.#next()) ? this.#empty(colon.end) : this.#readNode('flow', false));
    });
  }

  #readFlowMapping(add: (key: Node, value: Node) => void): void {
    this.#scanner.take();
    for (let isFirst = true; this.#next() !== '}'; isFirst = false) {
      if (!isFirst) {
        this.#expectComma("did not find expected ',' or '}'", 'a flow mapping');
        if (this.#next() === '}') break;
      }
      if (this.#next() !== 'key') {
        const key = this.#readNode('flow', false);
        add(key, this.#empty(key.start));
        continue;
      }
      const token = this.#scanner.take();
      const key = flowKeyEnds.has(this.#next()) ? this.#empty(token.end) : this.#readNode('flow', false);
      if (this.#next() !== 'value') {
        add(key, this.#empty(key.start));
        continue;
      }
      const colon = this.#scanner.take();
      add(key, flowValueEnds.has(this.#next()) ? this.#empty(colon.end) : this.#readNode('flow', false));
    }
    this.#scanner.take();
  }

  #expectComma(message: string, within: string): void {
    if (this.#next() !== ',') throw new SyntaxMistake(message, this.#scanner.peek().start, within);
    this.#scanner.take();
  }
}

export interface Tag {
  readonly name: string;
  readonly start: number;
}

const mergeTag = `${coreTags}merge`;
const documentEnds = new Set<TokenKind>(['document start', 'document end', 'directive', 'stream end']);
const keyOrValueEnds = new Set<TokenKind>(['key', 'value', 'block end']);
const afterIndentlessEntry = new Set<TokenKind>(['-', 'key', 'value', 'block end']);
const singlePairEnds = new Set<TokenKind>([',', ']']);
const flowKeyEnds = new Set<TokenKind>(['value', ',', '}']);
const flowValueEnds = new Set<TokenKind>([',', '}']);

/** The entries that `<<: value` brings in: of several mappings the first one's count most. */
const mergedEntries = ({ value, start }: Node): Entry[] => {
  const maps = value instanceof Map ? [value] : Array.isArray(value) ? value.toReversed() : undefined;
  if (maps === undefined || !maps.every((item) => item instanceof Map)) {
    throw new SyntaxMistake("expected a mapping or list of mappings for merging with '<<'", start);
  }
  return maps.flatMap((map) => [...entriesOf(map)]);
};

/** Python takes 1, 1.0 and True for the same key. */
const sameKey = (seen: ReadonlySet<Value>, key: Value): Value => {
  for (const other of seen) if (typeof other !== 'string' && isEqual(other, key)) return other;
  return key;
};
