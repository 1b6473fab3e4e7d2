import type { CST } from 'yaml';
import { emptyNode, isKeyTooLong, type Node, type NodeReader } from './nodes.ts';
import { checkEnd, type Place, places } from './place.ts';
import type { Properties } from './properties.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

/** Reads the items of `[…]`; one with a colon is a mapping of one entry. */
export const readFlowSequence = (
  collection: CST.FlowCollection,
  reader: NodeReader,
  outside: Place,
  add: (item: Node) => void,
): void => {
  const place = places.flowSequence;
  readItems(collection, reader, place, outside, (item, before) => {
    if (item.sep === undefined && before.indicator === undefined) {
      add(reader.node(item.value, before, place, before.start ?? collection.offset));
      return;
    }
    const start = before.indicator?.offset ?? before.start ?? item.key?.offset ?? item.sep![0]!.offset;
    add(reader.mapping(start, (addEntry) => readEntry(item, before, reader, place, addEntry)));
  });
};

/** Reads the entries of `{…}`. */
export const readFlowMapping = (
  collection: CST.FlowCollection,
  reader: NodeReader,
  outside: Place,
  add: (key: Node, value: Node) => void,
): void => {
  const place = places.flowMapping;
  readItems(collection, reader, place, outside, (item, before) => readEntry(item, before, reader, place, add));
};

/** Goes through what stands between the commas. */
const readItems = (
  { items, start, end }: CST.FlowCollection,
  reader: NodeReader,
  place: Place,
  outside: Place,
  read: (item: CST.CollectionItem, before: Properties) => void,
): void => {
  let mayFollow = true;
  for (const item of items) {
    const before = reader.properties(item.start, 'explicit-key-ind', place);
    const isEmpty =
      before.indicator === undefined && before.start === undefined && !item.key && !item.sep && !item.value;
    if (before.comma !== undefined) {
      // A comma needs an item before it.
      if (mayFollow) throw new SyntaxMistake('did not find expected node content', before.comma.offset);
      mayFollow = true;
    }
    if (isEmpty) continue;
    const at = before.indicator?.offset ?? before.start ?? item.key?.offset ?? item.value?.offset;
    if (!mayFollow) throw new SyntaxMistake(place.expected, at ?? item.sep![0]!.offset);
    mayFollow = false;
    read(item, before);
  }
  const [close, ...behind] = end;
  const wanted = start.source === '[' ? ']' : '}';
  if (close?.source !== wanted) throw new SyntaxMistake(place.expected, close?.offset ?? reader.text.length);
  checkEnd(behind, outside);
};

const readEntry = (
  { key, sep = [], value }: CST.CollectionItem,
  before: Properties,
  reader: NodeReader,
  place: Place,
  add: (key: Node, value: Node) => void,
): void => {
  const between = reader.properties(sep, 'map-value-ind', place);
  const colon = between.indicator;
  const start = before.indicator?.offset ?? before.start ?? key?.offset;
  if (start === undefined) {
    throw new SyntaxMistake('did not find expected node content', (colon ?? sep[0])?.offset ?? value!.offset);
  }
  if (colon === undefined) {
    const stray = between.start ?? value?.offset;
    if (stray !== undefined) throw new SyntaxMistake(place.expected, stray);
    add(reader.node(key, before, place, start + 1), emptyNode(start));
    return;
  }
  if (before.indicator === undefined && isKeyTooLong(reader.text, start, colon.offset)) {
    throw new SyntaxMistake(place.expected, colon.offset);
  }
  const isAdjacent = key?.type === 'scalar' && key.offset + key.source.length === colon.offset;
  if (isAdjacent && /[,[\]{}]/.test(reader.text[colon.offset + 1] ?? '')) {
    throw new SyntaxMistake("found unexpected ':'", colon.offset, 'a plain scalar');
  }
  add(reader.node(key, before, place, start + 1), reader.node(value, between, place, colon.offset + 1));
};
