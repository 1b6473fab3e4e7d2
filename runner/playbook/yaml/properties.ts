import type { CST } from 'yaml';
import { type Place, unexpected } from './place.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

/** What a value is tagged with, its name in full. */
export interface Tag {
  readonly name: string;
  readonly start: number;
}

/** What stands before a node: its anchor and tag, and the indicator that led there. */
export interface Properties {
  readonly anchor: CST.SourceToken | undefined;
  readonly tag: Tag | undefined;
  /** Where the anchor or tag begins that comes first. */
  readonly start: number | undefined;
  readonly indicator: CST.SourceToken | undefined;
  readonly comma: CST.SourceToken | undefined;
  /** Whether a line ended behind the indicator, and behind the anchor or tag. */
  readonly isOnNewLine: boolean;
  readonly endsLine: boolean;
}

export type Indicator = 'doc-start' | 'seq-item-ind' | 'explicit-key-ind' | 'map-value-ind';

export const coreTags = 'tag:yaml.org,2002:';

/** Reads the tokens before a node. */
export const readProperties = (
  tokens: readonly CST.SourceToken[],
  wanted: Indicator,
  place: Place,
  text: string,
  handles: ReadonlyMap<string, string>,
): Properties => {
  let anchor: CST.SourceToken | undefined;
  let tag: Tag | undefined;
  let start: number | undefined;
  let indicator: CST.SourceToken | undefined;
  let comma: CST.SourceToken | undefined;
  let isOnNewLine = false;
  let endsLine = true;
  for (const token of tokens) {
    switch (token.type) {
      case 'space':
      case 'comment':
        break;
      case 'newline':
        isOnNewLine = true;
        endsLine = true;
        break;
      case 'anchor':
        if (anchor !== undefined) throw new SyntaxMistake('did not find expected node content', token.offset);
        checkName(token);
        anchor = token;
        start ??= token.offset;
        endsLine = false;
        break;
      case 'tag':
        if (tag !== undefined) throw new SyntaxMistake('did not find expected node content', token.offset);
        tag = { name: readTag(token, place, text, handles), start: token.offset };
        start ??= token.offset;
        endsLine = false;
        break;
      case 'comma':
        if (comma !== undefined || start !== undefined) {
          throw new SyntaxMistake('did not find expected node content', token.offset);
        }
        comma = token;
        break;
      default:
        if (token.type !== wanted || indicator !== undefined || start !== undefined) {
          throw new SyntaxMistake(unexpected[token.type] ?? place.expected, token.offset);
        }
        indicator = token;
        isOnNewLine = false;
    }
  }
  return { anchor, tag, start, indicator, comma, isOnNewLine, endsLine };
};

/** Throws unless an anchor or alias has a name by YAML 1.1's rules. */
export const checkName = ({ source, offset, type }: CST.SourceToken | CST.FlowScalar): void => {
  if (/^[&*][\w-]+$/.test(source)) return;
  const bad = /^[&*][\w-]*/.exec(source)![0].length;
  const within = type === 'alias' ? 'an alias' : 'an anchor';
  throw new SyntaxMistake('did not find expected alphabetic or numeric character', offset + bad, within);
};

/** A tag's name in full: of `!name`, `!!name`, `!handle!name`, `!<uri>` or a lone `!`. */
const readTag = (
  { source, offset }: CST.SourceToken,
  { isFlow }: Place,
  text: string,
  handles: ReadonlyMap<string, string>,
): string => {
  const behind = offset + source.length;
  if (!(isFlow ? /[\s,[\]{}]/ : /\s/).test(text[behind] ?? ' ')) {
    throw new SyntaxMistake('did not find expected whitespace or line break', behind, 'a tag');
  }
  const [, uri, handle, name] = /^!<(.*)>$|^(!(?:[\w-]*!)?)(.*)$/s.exec(source)!;
  const prefix = uri === undefined ? handles.get(handle!) : '';
  if (prefix === undefined) throw new SyntaxMistake('found undefined tag handle', offset);
  if (name === '' && handle !== '!') throw new SyntaxMistake('did not find expected tag URI', behind, 'a tag');
  try {
    return prefix + decodeURIComponent(uri ?? name!);
  } catch {
    throw new SyntaxMistake('found an invalid escape in a tag', offset, 'a tag');
  }
};
