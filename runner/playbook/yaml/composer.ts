import type { CST } from 'yaml';
import type { Dict, Value } from '../../values/index.ts';
import { checkOnKeyLine, readBlockMapping, readBlockSequence } from './block.ts';
import { Builder, type BuildOptions } from './builder.ts';
import { Directives } from './directives.ts';
import { readFlowMapping, readFlowSequence } from './flow.ts';
import { MappingEntries } from './mapping-entries.ts';
import { deepest, emptyNode, type Node, type NodeReader } from './nodes.ts';
import { type Entry, recordOrigins } from './origins.ts';
import { checkEnd, type Place, places, startOf, unexpected } from './place.ts';
import { checkName, coreTags, type Indicator, type Properties, readProperties, type Tag } from './properties.ts';
import { readScalar, type Scalar } from './scalar-text.ts';
import type { SourceText } from './source-text.ts';
import { SyntaxMistake } from './syntax-mistake.ts';
import { SyntaxTrees } from './syntax-trees.ts';

/** Builds the values of a stream's documents out of the library's syntax trees. */
export class Composer implements NodeReader {
  readonly text: string;
  readonly trees: SyntaxTrees;
  readonly #source: SourceText;
  readonly #builder: Builder;
  #anchors = new Map<string, Node>();
  #directives = new Directives();
  #unsafeDepth = 0;
  #depth = 0;

  constructor(source: SourceText, options: BuildOptions) {
    this.#source = source;
    this.trees = new SyntaxTrees(source.text);
    this.text = this.trees.text;
    this.#builder = new Builder(source, options);
  }

  /** The documents' values, and where each of them begins. */
  *documents(): Generator<{ value: Value; start: number }, void> {
    let isFirst = true;
    try {
      for (const token of this.trees.read()) {
        switch (token.type) {
          case 'directive':
            this.#directives.add(token);
            break;
          case 'document':
            // Nothing at all before `...` is handed out as a document.
            if (this.trees.valueOf(token) === undefined && token.start.every(({ type }) => type === 'newline')) break;
            yield { value: this.#document(token, isFirst), start: token.offset };
            isFirst = false;
            this.#directives = new Directives();
            break;
          case 'doc-end':
            if (isFirst) throw new SyntaxMistake('did not find expected node content', token.offset);
            checkEnd(token.end, places.document);
            break;
          case 'error':
            throw misplaced(token, places.document);
        }
      }
    } catch (error) {
      throw this.trees.earlier(error);
    }
    if (!this.#directives.isEmpty) throw new SyntaxMistake(places.document.expected, this.text.length);
  }

  #document(document: CST.Document, isFirst: boolean): Value {
    this.#anchors = new Map();
    const { start, offset } = document;
    const value = this.trees.valueOf(document);
    const before = this.properties(start, 'doc-start', places.document);
    if (before.indicator === undefined && !(isFirst && this.#directives.isEmpty)) {
      throw new SyntaxMistake(places.document.expected, value?.offset ?? offset);
    }
    if (before.indicator !== undefined && !before.isOnNewLine) checkOnKeyLine(value);
    const node = this.node(value, before, places.document, offset);
    this.trees.finish(document);
    const isList = value?.type === 'block-seq' && value.indent === 0;
    checkEnd(document.end, isList ? places.sequence : places.document);
    return node.value;
  }

  properties(tokens: readonly CST.SourceToken[], wanted: Indicator, place: Place): Properties {
    return readProperties(tokens, wanted, place, this.text, this.#directives.handles);
  }

  node(token: CST.Token | null | undefined, properties: Properties, place: Place, at: number): Node {
    if (token?.type === 'alias') return this.#alias(token, properties, place);
    const { tag, anchor } = properties;
    const start = properties.start ?? startOf(token) ?? at;
    const isUnsafe = tag?.name === '!unsafe';
    // Containers are known by their anchor before they are filled, so that they may hold themselves.
    const keep = (node: Node): Node => {
      if (anchor !== undefined) this.#anchors.set(anchor.source.slice(1), node);
      return node;
    };
    if (anchor !== undefined && this.#anchors.has(anchor.source.slice(1))) {
      throw new SyntaxMistake(`found duplicate anchor '${anchor.source.slice(1)}'`, anchor.offset);
    }
    if (++this.#depth > deepest)
      throw new SyntaxMistake(`this is nested too deeply: more than ${deepest} levels`, start);
    if (isUnsafe) this.#unsafeDepth++;
    const node = this.#content(token, properties, place, start, keep);
    if (isUnsafe) this.#unsafeDepth--;
    this.#depth--;
    return node;
  }

  #content(
    token: CST.Token | null | undefined,
    properties: Properties,
    place: Place,
    start: number,
    keep: (node: Node) => Node,
  ): Node {
    const { tag } = properties;
    if (!token) {
      const empty = { value: '', isPlain: true, start, textStart: start };
      return keep(tag === undefined ? emptyNode(start) : this.#scalar(empty, properties));
    }
    switch (token.type) {
      case 'scalar':
      case 'single-quoted-scalar':
      case 'double-quoted-scalar':
      case 'block-scalar':
        return keep({ ...this.#scalar(readScalar(token, place), properties), start });
      case 'flow-collection':
        return token.start.source === '['
          ? this.#sequence(start, tag, keep, (add) => readFlowSequence(token, this, place, add))
          : this.#mapping(start, tag, keep, (add) => readFlowMapping(token, this, place, add));
      case 'block-map':
        if (place.isFlow) checkOnKeyLine(token);
        return this.#mapping(start, tag, keep, (add) => readBlockMapping(token, this, add));
      case 'block-seq':
        if (place.isFlow || (properties.start !== undefined && !properties.endsLine)) checkOnKeyLine(token);
        return this.#sequence(start, tag, keep, (add) => readBlockSequence(token, this, add));
    }
    throw misplaced(token, place);
  }

  #alias(token: CST.FlowScalar, properties: Properties, place: Place): Node {
    if (properties.start !== undefined) throw new SyntaxMistake('did not find expected node content', token.offset);
    checkName(token);
    checkEnd(token.end, place);
    const name = token.source.slice(1);
    const known = this.#anchors.get(name);
    if (known === undefined) throw new SyntaxMistake(`found undefined alias '${name}'`, token.offset);
    return { ...known, start: token.offset };
  }

  #scalar(scalar: Scalar, { tag }: Properties): Node {
    const value = this.#builder.scalar(scalar, tag, this.#unsafeDepth > 0);
    const isMerge = tag === undefined ? scalar.isPlain && scalar.value === '<<' : tag.name === mergeTag;
    return { value, start: scalar.start, kind: 'scalar', isMerge };
  }

  #sequence(
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

  /** A mapping that is written without brackets of its own, inside those of a list. */
  mapping(start: number, read: (add: (key: Node, value: Node) => void) => void): Node {
    return this.#mapping(start, undefined, (node) => node, read);
  }

  #mapping(
    start: number,
    tag: Tag | undefined,
    keep: (node: Node) => Node,
    read: (add: (key: Node, value: Node) => void) => void,
  ): Node {
    this.#builder.checkCollectionTag(tag, 'mapping');
    const map: Dict = new Map();
    const node = keep({ value: map, start, kind: 'mapping', isMerge: false });
    const entries = new MappingEntries((key, index) => this.#builder.reportDuplicate(key, index));
    read((key, value) => entries.add(key, value));
    recordOrigins(map, this.#source, start, entries.fill(map));
    const value = this.#builder.finishMapping(map, tag);
    return value === map ? node : keep({ ...node, value });
  }
}

const mergeTag = `${coreTags}merge`;

/** What the parser could make nothing of. */
const misplaced = (token: CST.Token, place: Place): SyntaxMistake => {
  const type = token.type === 'error' ? /Unexpected ([\w-]+)/.exec(token.message)?.[1] : token.type;
  if (type === 'block-seq-ind') return new SyntaxMistake(unexpected['seq-item-ind']!, token.offset);
  return new SyntaxMistake(unexpected[type ?? ''] ?? place.expected, token.offset);
};
