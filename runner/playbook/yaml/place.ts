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
  for (const { type, offset } of tokens ?? []) {
    if (type !== 'space' && type !== 'comment' && type !== 'newline') {
      throw new SyntaxMistake(unexpected[type] ?? expected, offset);
    }
  }
};
