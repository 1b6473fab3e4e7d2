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

const nodeEncoding = (encoding: string): BufferEncoding => {
  const name = encoding.toLowerCase().replaceAll('_', '-');
  if (name === 'latin-1' || name === 'latin1' || name === 'iso-8859-1' || name === 'ascii' || name === 'us-ascii') {
    return 'latin1';
  }
  return name.startsWith('utf-16') ? 'utf16le' : 'utf8';
};

/** Python's `bytes.decode(encoding)`, for encodings by the names that Python has for them. Throws a RangeError. */
export const decode = (bytes: Buffer, encoding: string): string => {
  const name = encoding.toLowerCase().replaceAll('_', '-');
  const label = name
    .replace(/^(utf-?16)-(le|be)$/, '$1$2')
    .replace(/^(?:latin|l)-?1$/, 'latin1')
    .replace(/^cp-?(125\d)$/, 'windows-$1');
  if (label === 'latin1' || label === 'iso-8859-1') return bytes.toString('latin1');
  // Only where the order of bytes is not named does a mark say it.
  return new TextDecoder(label, { ignoreBOM: label !== 'utf-16' && label !== 'utf-8-sig' }).decode(bytes);
};

/** Python's `text.encode(encoding, errors)`; undefined where a character does not fit and errors are strict. */
export const encode = (text: string, encoding: string, errors: string): PyBytes | undefined => {
  const name = nodeEncoding(encoding);
  if (name !== 'latin1') return new PyBytes(Buffer.from(text, name));
  const limit = /ascii/i.test(encoding) ? 0x7f : 0xff;
  let fitting = '';
  for (const character of text) {
    if (character.codePointAt(0)! <= limit) fitting += character;
    else if (errors === 'replace') fitting += '?';
    else if (errors === 'xmlcharrefreplace') fitting += `&#${character.codePointAt(0)};`;
    else if (errors === 'backslashreplace') fitting += escaped(character.codePointAt(0)!);
    else if (errors !== 'ignore') return undefined;
  }
  return new PyBytes(Buffer.from(fitting, 'latin1'));
};

const escaped = (code: number): string => {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
};
