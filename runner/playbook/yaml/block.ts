import type { CST } from 'yaml';
import { emptyNode, isKeyTooLong, type Node, type NodeReader } from './nodes.ts';
import { places, startOf, unexpected } from './place.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

/** Reads the items of a sequence in lines that begin with `-`. */
export const readBlockSequence = (sequence: CST.BlockSequence, reader: NodeReader, add: (item: Node) => void): void => {
  for (const { start, value } of reader.trees.itemsOf(sequence)) {
    const properties = reader.properties(start, 'seq-item-ind', places.sequence);
    const { indicator } = properties;
    if (indicator === undefined) {
      const at = properties.start ?? startOf(value);
      // What is left are blank lines and comments.
      if (at === undefined) continue;
      throw new SyntaxMistake(places.sequence.expected, at);
    }
    add(reader.node(value, properties, places.sequence, indicator.offset + 1));
  }
};

/** Reads the entries of a mapping in lines of their own. */
export const readBlockMapping = (
  mapping: CST.BlockMap,
  reader: NodeReader,
  add: (key: Node, value: Node) => void,
): void => {
  let isFirst = true;
  for (const item of reader.trees.itemsOf(mapping)) {
    const { start, key, sep = [], value } = item;
    const before = reader.properties(start, 'explicit-key-ind', places.mapping);
    const at = before.indicator?.offset ?? before.start ?? startOf(key);
    if (at === undefined) {
      // What is left are blank lines and comments.
      if (sep.length === 0) continue;
      throw new SyntaxMistake(places.mapping.expected, sep[0]!.offset);
    }
    const column = before.indicator?.indent ?? (key && 'indent' in key ? key.indent : mapping.indent);
    if (column !== mapping.indent) throw new SyntaxMistake(places.mapping.expected, at);
    const between = reader.properties(sep, 'map-value-ind', places.mapping);
    const colon = between.indicator;
    if (before.indicator === undefined) checkImplicitKey(reader.text, at, colon, isFirst);
    else if (colon !== undefined && colon.indent !== mapping.indent) {
      throw new SyntaxMistake(places.mapping.expected, colon.offset);
    }
    isFirst = false;
    const keyNode = reader.node(key, before, places.mapping, at + 1);
    if (colon === undefined) {
      const stray = between.start ?? startOf(value);
      if (stray !== undefined) throw new SyntaxMistake(places.mapping.expected, stray);
      add(keyNode, emptyNode(at + 1));
      continue;
    }
    if (before.indicator === undefined && !between.isOnNewLine) checkOnKeyLine(value);
    add(keyNode, reader.node(value, between, places.mapping, colon.offset + 1));
  }
};

/** A key without `?` needs its colon on the same line. */
const checkImplicitKey = (text: string, start: number, colon: CST.SourceToken | undefined, isFirst: boolean): void => {
  if (colon !== undefined && !isKeyTooLong(text, start, colon.offset)) return;
  // What stands in a mapping's column must be a key; elsewhere it is the colon that surprises.
  if (isFirst && colon !== undefined) throw new SyntaxMistake(unexpected['map-value-ind']!, colon.offset);
  throw new SyntaxMistake("could not find expected ':'", start, 'a simple key');
};

/** A block collection cannot begin on the line of the key that it belongs to. */
export const checkOnKeyLine = (value: CST.Token | undefined): void => {
  if (value?.type === 'block-seq') throw new SyntaxMistake(unexpected['seq-item-ind']!, value.offset);
  if (value?.type !== 'block-map') return;
  const [first] = value.items;
  const tokens = [...(first?.start ?? []), ...(first?.sep ?? [])];
  const stray = tokens.find(({ type }) => !['space', 'newline', 'comment', 'anchor', 'tag'].includes(type));
  const offset = stray?.offset ?? value.offset;
  throw new SyntaxMistake(unexpected[stray?.type ?? 'map-value-ind'] ?? places.mapping.expected, offset);
};
