import { literalSource } from '../../values/index.ts';
import type { Syntax } from './settings.ts';

/** The regular expressions that cut a template into pieces. */
export interface Patterns {
  /** The next tag of any kind; its named groups say which. */
  readonly tag: RegExp;
  readonly rawEnd: RegExp;
  readonly commentEnd: RegExp;
  readonly blockEnd: RegExp;
  readonly variableEnd: RegExp;
  readonly lineStatementEnd: RegExp;
  readonly space: RegExp;
}

/** The tokens of expressions that are more than one or two characters. */
export const tokenPatterns = {
  float: /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy,
  int: /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy,
  symbol: /[\p{L}\p{N}\p{M}\p{Pc}]+/uy,
  string: /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y,
} as const;

const cache = new WeakMap<Syntax, Patterns>();

/** The patterns of a syntax, made once. */
export const patternsOf = (syntax: Syntax): Patterns => {
  const known = cache.get(syntax);
  if (known !== undefined) return known;
  const patterns = makePatterns(syntax);
  cache.set(syntax, patterns);
  return patterns;
};

const makePatterns = (syntax: Syntax): Patterns => {
  const blockStart = literalSource(syntax.blockStart);
  const blockEnd = literalSource(syntax.blockEnd);
  const variableEnd = literalSource(syntax.variableEnd);
  const commentEnd = literalSource(syntax.commentEnd);
  const newline = syntax.trimBlocks ? '\\n?' : '';
  const raw = `(?<raw>${blockStart}(?<rawSign>[-+]?)\\s*raw\\s*(?:-${blockEnd}\\s*|${blockEnd}))`;
  return {
    tag: new RegExp(`${raw}|(?:${startsOf(syntax).join('|')})(?<sign>[-+]?)`, 'gm'),
    rawEnd: new RegExp(
      `${blockStart}([-+]?)\\s*endraw\\s*(?:\\+${blockEnd}|-${blockEnd}\\s*|${blockEnd}${newline})`,
      'g',
    ),
    commentEnd: new RegExp(`\\+${commentEnd}|-${commentEnd}\\s*|${commentEnd}${newline}`, 'g'),
    blockEnd: new RegExp(`\\+${blockEnd}|-${blockEnd}\\s*|${blockEnd}${newline}`, 'y'),
    variableEnd: new RegExp(`-${variableEnd}\\s*|${variableEnd}`, 'y'),
    lineStatementEnd: /\s*(?:\n|$)/y,
    space: /\s+/y,
  };
};

// The longest delimiter is tried first; among equally long ones `{{` goes before `{#` and `{%`.
const startsOf = (syntax: Syntax): string[] => {
  const starts = [
    { length: syntax.variableStart.length, pattern: `(?<variable>${literalSource(syntax.variableStart)})` },
    { length: syntax.commentStart.length, pattern: `(?<comment>${literalSource(syntax.commentStart)})` },
    { length: syntax.blockStart.length, pattern: `(?<block>${literalSource(syntax.blockStart)})` },
  ];
  const { lineStatementPrefix, lineCommentPrefix } = syntax;
  if (lineStatementPrefix !== '') {
    const pattern = `(?<lineStatement>^[ \\t\\v]*${literalSource(lineStatementPrefix)})`;
    starts.push({ length: lineStatementPrefix.length, pattern });
  }
  if (lineCommentPrefix !== '') {
    const pattern = `(?<lineComment>(?:^|(?<=\\S))[^\\S\\r\\n]*${literalSource(lineCommentPrefix)})`;
    starts.push({ length: lineCommentPrefix.length, pattern });
  }
  return starts.sort((left, right) => right.length - left.length).map(({ pattern }) => pattern);
};
