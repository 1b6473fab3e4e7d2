import type { CST } from 'yaml';
import type { Value } from '../../values/index.ts';
import type { Place } from './place.ts';
import type { Indicator, Properties } from './properties.ts';
import type { SyntaxTrees } from './syntax-trees.ts';

/** What was made of one node of the syntax tree. */
export interface Node {
  readonly value: Value;
  /** Where it begins, its anchor and tag included. */
  readonly start: number;
  readonly kind: 'scalar' | 'mapping' | 'sequence';
  /** A plain `<<`, or one tagged so: as a key it merges its value in. */
  readonly isMerge: boolean;
}

/** What readers of collections need for what is in them. */
export interface NodeReader {
  readonly text: string;
  readonly trees: SyntaxTrees;
  properties(tokens: readonly CST.SourceToken[], wanted: Indicator, place: Place): Properties;
  /** `at` is the index where a node stands that is absent. */
  node(token: CST.Token | null | undefined, properties: Properties, place: Place, at: number): Node;
  mapping(start: number, read: (add: (key: Node, value: Node) => void) => void): Node;
}

/** An absent key or value. */
export const emptyNode = (start: number): Node => ({ value: null, start, kind: 'scalar', isMerge: false });

const longestKey = 1024;

/** Whether a key without `?` goes on for longer than libyaml looks for its colon: past its line, or too far in it. */
export const isKeyTooLong = (text: string, start: number, colon: number): boolean =>
  colon - start > longestKey || text.slice(start, colon).includes('\n');

/** How deep values may be nested: far beyond what people write, and well within what fits on the stack. */
export const deepest = 250;
