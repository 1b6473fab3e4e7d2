import { PyFunction, PyObject } from './objects.ts';
import { toText } from './print.ts';
import type { Dict, Value } from './types.ts';

/** Python's bytes, as `'text'.encode()` gives them. */
export class PyBytes extends PyObject {
  override readonly typeName = 'bytes';
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    super();
    this.bytes = bytes;
  }
  override toText(): string {
    const body = this.bytes.toString('latin1').replace(/[^ -~]|[\\]/g, (character) => {
      const code = character.charCodeAt(0);
      return named[character] ?? `\\x${code.toString(16).padStart(2, '0')}`;
    });
    return body.includes("'") && !body.includes('"') ? `b"${body}"` : `b'${body.replaceAll("'", "\\'")}'`;
  }
  override isTrue(): boolean {
    return this.bytes.length > 0;
  }
  override equals(other: Value): boolean {
    return other instanceof PyBytes && this.bytes.equals(other.bytes);
  }
  override iterate(): Iterable<Value> {
    return this.bytes;
  }
  override attribute(name: string): Value | undefined {
    if (name === 'decode') {
      return new PyFunction('decode', (args, kwargs) =>
        decode(this.bytes, option(args, kwargs, 0, 'encoding', 'utf-8')),
      );
    }
    return name === 'hex' ? new PyFunction('hex', () => this.bytes.toString('hex')) : undefined;
  }
}

const named: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const option = (args: readonly Value[], kwargs: Dict, index: number, name: string, fallback: string): string =>
  toText(args[index] ?? kwargs.get(name) ?? fallback);

/** Python has a name for everything, and reads it with hyphens, underscores and blanks alike. */
const plainName = (encoding: string): string => encoding.toLowerCase().replace(/[_ ]+/g, '-');

/** The label that the standard of the web has for an encoding with a byte a character; undefined where it has none. */
const singleByteLabel = (encoding: string): string | undefined => {
  const label = plainName(encoding)
    .replace(/^(?:windows-?|cp-?)(125\d)$/, 'windows-$1')
    .replace(/^(?:latin|l)-?([2-9]|10)$/, 'latin$1')
    .replace(/^iso-?8859-?(\d+)$/, 'iso-8859-$1');
  if (!/^(?:windows-125\d|latin\d+|iso-8859-\d+|koi8-[ru]|macintosh)$/.test(label)) return undefined;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
};

// Windows-1252 where it differs from Latin-1; not every version of Node knows these.
const westernWindows = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** The characters that the 256 bytes of an encoding stand for. */
const charactersOf = (label: string): string[] =>
  Array.from({ length: 256 }, (_, code) => {
    if (label === 'windows-1252' && code >= 0x80 && code < 0xa0) return westernWindows[code - 0x80]!;
    return new TextDecoder(label).decode(Uint8Array.of(code));
  });

const wide = (text: string, isBig: boolean): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

// What Python's codecs of Unicode make of a text; the ones that name no order begin with a mark.
const unicodeEncoders: Readonly<Record<string, (text: string) => Buffer>> = {
  'utf-8': (text) => Buffer.from(text, 'utf8'),
  'utf-8-sig': (text) => Buffer.from(`\ufeff${text}`, 'utf8'),
  'utf-16': (text) => wide(`\ufeff${text}`, false),
  'utf-16-le': (text) => wide(text, false),
  'utf-16-be': (text) => wide(text, true),
};

const unicodeName = (encoding: string): string =>
  plainName(encoding)
    .replace(/^(?:utf-?8|u8|cp65001)(-sig)?$/, 'utf-8$1')
    .replace(/^(?:utf-?16|u16)(?:-?([lb]e))?$/, (_, order) => (order ? `utf-16-${order}` : 'utf-16'));

/** Whether a byte is a character, and how many of the first ones there are: ASCII's 128 and Latin-1's 256. */
const latinSize = (encoding: string): number | undefined => {
  const name = plainName(encoding);
  if (/^(?:us-?)?ascii$|^646$/.test(name)) return 0x80;
  return /^(?:latin-?1|l1|latin|8859|cp819|iso-?8859-?1)$/.test(name) ? 0x100 : undefined;
};

/** Python's `bytes.decode(encoding)`, for encodings by the names that Python has for them. Throws a RangeError. */
export const decode = (bytes: Buffer, encoding: string): string => {
  const name = unicodeName(encoding);
  const size = latinSize(encoding);
  if (size !== undefined) return bytes.toString('latin1');
  const single = singleByteLabel(encoding);
  if (single !== undefined) {
    const characters = charactersOf(single);
    return Array.from(bytes, (byte) => characters[byte]!).join('');
  }
  const label = name.replace('utf-8-sig', 'utf-8').replace(/^utf-16-(le|be)$/, 'utf-16$1');
  // Only where the order of bytes is not named does a mark say it.
  return new TextDecoder(label, { ignoreBOM: name !== 'utf-16' && name !== 'utf-8-sig' }).decode(bytes);
};

/**
 * Python's `text.encode(encoding, errors)`; undefined where a character does not fit and errors are strict. Throws a
 * RangeError for an encoding that is not known.
 */
export const encode = (text: string, encoding: string, errors: string): PyBytes | undefined => {
  const unicode = unicodeEncoders[unicodeName(encoding)];
  if (unicode) return new PyBytes(unicode(text));
  const codeOf = coderOf(encoding);
  const bytes: number[] = [];
  for (const character of text) {
    const code = codeOf(character);
    if (code !== undefined) bytes.push(code);
    else if (errors === 'replace') bytes.push(...Buffer.from('?'));
    else if (errors === 'xmlcharrefreplace') bytes.push(...Buffer.from(`&#${character.codePointAt(0)};`));
    else if (errors === 'backslashreplace') bytes.push(...Buffer.from(escaped(character.codePointAt(0)!)));
    else if (errors !== 'ignore') return undefined;
  }
  return new PyBytes(Buffer.from(bytes));
};

/** What gives the byte that a character is, where there is one. */
const coderOf = (encoding: string): ((character: string) => number | undefined) => {
  const size = latinSize(encoding);
  if (size !== undefined) {
    return (character) => {
      const code = character.codePointAt(0)!;
      return code < size ? code : undefined;
    };
  }
  const label = singleByteLabel(encoding);
  if (label === undefined) throw new RangeError(`unknown encoding: ${encoding}`);
  const codes = new Map(charactersOf(label).map((character, code) => [character, code]));
  return (character) => (character === '\ufffd' ? undefined : codes.get(character));
};

const escaped = (code: number): string => {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
};
