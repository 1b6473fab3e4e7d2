import type { CST } from 'yaml';
import { SyntaxMistake } from './syntax-mistake.ts';

/** What a node stands in, and libyaml's words for something that does not belong there. */
export interface Place {
  readonly expected: string;
  readonly isFlow: boolean;
}

export const places = {
  document: { expected: 'did not find expected <document start>', isFlow: false },
  mapping: { expected: 'did not find expected key', isFlow: false },
  sequence: { expected: "did not find expected '-' indicator", isFlow: false },
  flowMapping: { expected: "did not find expected ',' or '}'", isFlow: true },
  flowSequence: { expected: "did not find expected ',' or ']'", isFlow: true },
} as const satisfies Record<string, Place>;

/** libyaml's words for indicators where none can be. */
export const unexpected: Readonly<Record<string, string>> = {
  'seq-item-ind': 'block sequence entries are not allowed in this context',
  'explicit-key-ind': 'mapping keys are not allowed in this context',
  'map-value-ind': 'mapping values are not allowed in this context',
};

/** Throws for tokens behind a complete node that are more than white space. */
export const checkEnd = (tokens: readonly CST.SourceToken[] | undefined, { expected }: Place): void => {
  let isOnLine = true;
  for (const { type, offset } of tokens ?? []) {
    if (type === 'newline') isOnLine = false;
    else if (type !== 'space' && type !== 'comment') {
      throw new SyntaxMistake((isOnLine && unexpected[type]) || expected, offset);
    }
  }
};

/** Where a token begins, the anchor and tag of a mapping's first key included. */
export const startOf = (token: CST.Token | null | undefined): number | undefined => {
  if (token?.type !== 'block-map') return token?.offset;
  const [first] = token.items;
  const before = first?.start.find(({ type }) => type !== 'space' && type !== 'newline');
  return before?.offset ?? startOf(first?.key) ?? token.offset;
};
