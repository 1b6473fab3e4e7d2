/** What the scanner makes of the text. `start` and `end` are indices into it. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** A scalar's text, an alias's or anchor's name, a tag (`handle` and `value`). */
  readonly value: string;
  /** A scalar's style; only plain ones may be something else than text. */
  readonly style: ScalarStyle | undefined;
  /** What stands in front of a tag's name: `!`, `!!`, `!name!`. */
  readonly handle: string | undefined;
  /** Where a scalar's first character stands, behind its quote or on the line below `|`. */
  readonly textStart: number | undefined;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export type TokenKind =
  | 'stream end'
  | 'document start'
  | 'document end'
  | 'directive'
  | 'block sequence'
  | 'block mapping'
  | 'block end'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | '-'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';
