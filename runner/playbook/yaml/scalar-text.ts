import { CST } from 'yaml';
import { checkEnd, type Place } from './place.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

/** What a scalar says and how it was written. */
export interface Scalar {
  readonly value: string;
  /** Only plain scalars may be something else than text. */
  readonly isPlain: boolean;
  readonly start: number;
  /** Where its first character stands, behind its quote or on the line below `|`. */
  readonly textStart: number;
}

/** Reads a scalar's token. Throws for something that stands behind it on its line, too. */
export const readScalar = (token: CST.FlowScalar | CST.BlockScalar, place: Place): Scalar => {
  const start = token.offset;
  if (token.type !== 'block-scalar') checkEnd(token.end, place);
  const separator = token.type.endsWith('quoted-scalar') ? -1 : token.source.search(/[\u2028\u2029]/);
  if (separator !== -1) throw new SyntaxMistake('found a Unicode line separator outside quotes', start + separator);
  const { value } = CST.resolveAsScalar(token, false, (offset, code) => {
    throw mistakeOf(token, offset, code);
  })!;
  switch (token.type) {
    case 'scalar':
      return { value, isPlain: true, start, textStart: start };
    case 'block-scalar':
      checkBlock(token);
      return { value: withoutAddedBreak(value, token.source), isPlain: false, start, textStart: textStartOf(token) };
    default:
      checkQuoted(token);
      return { value, isPlain: false, start, textStart: start + 1 };
  }
};

/** The library's complaint in libyaml's terms, which people may look up. */
const mistakeOf = (token: CST.FlowScalar | CST.BlockScalar, offset: number, code: string): SyntaxMistake => {
  if (code === 'BAD_SCALAR_START') return new SyntaxMistake('found character that cannot start any token', offset);
  if (code === 'BAD_DQ_ESCAPE') {
    const letter = token.source[offset - token.offset + 1];
    return 'xuU'.includes(letter!)
      ? new SyntaxMistake(`found invalid Unicode character escape code behind \\${letter}`, offset)
      : new SyntaxMistake(`found unknown escape character '${letter}'`, offset);
  }
  if (token.type !== 'block-scalar') return new SyntaxMistake('found unexpected end of stream', token.offset);
  return code === 'UNEXPECTED_TOKEN'
    ? new SyntaxMistake('did not find expected comment or line break', offset)
    : new SyntaxMistake('found a line that is indented less than the text it belongs to', offset);
};

/** What libyaml refuses in quotes and the library lets pass. */
const checkQuoted = ({ source, offset, type }: CST.FlowScalar): void => {
  const mark = source.includes('\n') ? source.search(/(?<=\n)(?:---|\.\.\.)(?=\s)/) : -1;
  if (mark !== -1) throw new SyntaxMistake('found unexpected document indicator', offset + mark);
  if (type !== 'double-quoted-scalar' || !source.includes('\\u')) return;
  for (const { 0: sequence, index } of source.matchAll(/\\(?:u[0-9a-fA-F]{4}|[\s\S])/g)) {
    if (/^\\u[dD][89a-fA-F]/.test(sequence)) {
      throw new SyntaxMistake('found invalid Unicode character escape code', offset + index);
    }
  }
};

/** The library ends the text by a line break even where the file ends without one; libyaml does not. */
const withoutAddedBreak = (value: string, source: string): string => {
  const last = source.slice(source.lastIndexOf('\n') + 1);
  const isContent = last.trim() !== '' || last.length > indentOf(source) || !source.includes('\n');
  return value.endsWith('\n') && last !== '' && isContent ? value.slice(0, -1) : value;
};

const leading = /^((?: *\r?\n)*)( *)/;

const indentOf = (source: string): number => leading.exec(source)![2]!.length;

/** Where the lines below `|` begin. */
const bodyOf = ({ offset, props }: CST.BlockScalar): number =>
  props.reduce((end, prop) => end + ('source' in prop ? prop.source.length : 0), offset);

const textStartOf = (token: CST.BlockScalar): number => bodyOf(token) + leading.exec(token.source)![0].length;

/** libyaml takes the indentation of a block's first line to be spaces, whatever the library makes of tabs. */
const checkBlock = (token: CST.BlockScalar): void => {
  const [header] = token.props;
  if (header !== undefined && 'source' in header && /\d/.test(header.source)) return;
  const spaces = leading.exec(token.source)![0].length;
  if (token.source[spaces] !== '\t') return;
  const message = 'found a tab character where an indentation space is expected';
  throw new SyntaxMistake(message, bodyOf(token) + spaces, 'a block scalar');
};
