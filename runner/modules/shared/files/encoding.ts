import { ModuleFailure } from '../../../errors/index.ts';

/** Text in some encoding as a file holds it. */
export interface Codec {
  /** Throws ModuleFailure for bytes that the encoding has no meaning for. */
  decode(bytes: Buffer): string;
  /** Throws ModuleFailure for characters that the encoding cannot hold. */
  encode(text: string): Buffer;
}

/** The codec of an encoding by any name that Python knows it by. Throws ModuleFailure for an unknown one. */
export const codecOf = (encoding: string): Codec => {
  const name = encoding.toLowerCase().replaceAll(/[\s_]/g, '-');
  if (/^(utf-?8|u8|cp65001)$/.test(name)) return utf8;
  if (name === 'utf-8-sig') return withMark(utf8, Buffer.from([0xef, 0xbb, 0xbf]), true);
  if (/^(latin-?1|iso-?8859-1|l1|8859|cp819)$/.test(name)) return narrow(encoding, 0xff);
  if (/^(us-)?ascii$/.test(name)) return narrow(encoding, 0x7f);
  if (/^utf-?16-?le$/.test(name)) return utf16(false);
  if (/^utf-?16-?be$/.test(name)) return utf16(true);
  if (/^utf-?16$/.test(name)) return withMark(utf16(false), Buffer.from([0xff, 0xfe]), true);
  if (/^(cp-?|windows-?)?1252$/.test(name)) return windows1252(encoding);
  return byTable(encoding, labelOf(name));
};

const wrong = (encoding: string, what: string): ModuleFailure => new ModuleFailure(`'${encoding}' codec can't ${what}`);

const decodeWith = (label: string, encoding: string): ((bytes: Buffer) => string) => {
  const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      throw wrong(encoding, 'decode the bytes of the file');
    }
  };
};

// A lone surrogate is what Python would refuse too.
const utf8: Codec = {
  decode: (bytes) => decodeWith('utf-8', 'utf-8')(bytes),
  encode: (text) => Buffer.from(text, 'utf8'),
};

const narrow = (encoding: string, limit: number): Codec => ({
  decode(bytes) {
    if (bytes.some((byte) => byte > limit)) throw wrong(encoding, 'decode the bytes of the file');
    return bytes.toString('latin1');
  },
  encode(text) {
    for (const character of text) {
      if (character.codePointAt(0)! > limit) throw wrong(encoding, `encode character '${character}'`);
    }
    return Buffer.from(text, 'latin1');
  },
});

// Node decodes this one as if it were latin-1; � stands for what it leaves undefined.
const above80 = '€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ';

const windows1252 = (encoding: string): Codec => ({
  decode(bytes) {
    const text = bytes
      .toString('latin1')
      .replace(/[\x80-\x9f]/g, (character) => above80[character.charCodeAt(0) - 0x80]!);
    if (text.includes('�')) throw wrong(encoding, 'decode the bytes of the file');
    return text;
  },
  encode(text) {
    const codes = Array.from(text, (character) => {
      const high = character === '�' ? -1 : above80.indexOf(character);
      if (high !== -1) return 0x80 + high;
      const code = character.codePointAt(0)!;
      if (code > 0xff || (code >= 0x80 && code < 0xa0)) throw wrong(encoding, `encode character '${character}'`);
      return code;
    });
    return Buffer.from(codes);
  },
});

const utf16 = (isBig: boolean): Codec => ({
  decode: (bytes) => decodeWith(isBig ? 'utf-16be' : 'utf-16le', 'utf-16')(bytes),
  encode(text) {
    const bytes = Buffer.from(text, 'utf16le');
    return isBig ? bytes.swap16() : bytes;
  },
});

/** An encoding whose files begin with a mark. */
const withMark = (codec: Codec, mark: Buffer, isLittle: boolean): Codec => ({
  decode(bytes) {
    if (bytes.subarray(0, mark.length).equals(mark)) return codec.decode(bytes.subarray(mark.length));
    if (isLittle && mark.length === 2 && bytes[0] === 0xfe && bytes[1] === 0xff) {
      return utf16(true).decode(bytes.subarray(2));
    }
    return codec.decode(bytes);
  },
  encode: (text) => Buffer.concat([mark, codec.encode(text)]),
});

/** Python's names for what the WHATWG calls otherwise. */
const labelOf = (name: string): string => {
  const page = /^(?:cp|windows-?)(\d+)$/.exec(name)?.[1];
  if (page === '932') return 'shift_jis';
  if (page === '936') return 'gbk';
  if (page === '949') return 'euc-kr';
  if (page === '950') return 'big5';
  if (page === '866') return 'ibm866';
  if (page !== undefined) return `windows-${page}`;
  return name
    .replace(/^iso8859/, 'iso-8859')
    .replace(/^latin-?([2-9])$/, 'l$1')
    .replace(/^mac-roman$/, 'macintosh');
};

/** An encoding that the platform can only decode: its table is turned round on first use. */
const byTable = (encoding: string, label: string): Codec => {
  let decode: (bytes: Buffer) => string;
  try {
    decode = decodeWith(label, encoding);
  } catch {
    throw new ModuleFailure(`unknown encoding: ${encoding}`);
  }
  let table: Map<string, Buffer> | undefined;
  return {
    decode,
    encode(text) {
      table ??= reverseTable(label);
      const parts = Array.from(text, (character) => {
        const bytes = table!.get(character);
        if (bytes === undefined) throw wrong(encoding, `encode character '${character}'`);
        return bytes;
      });
      return Buffer.concat(parts);
    },
  };
};

const reverseTable = (label: string): Map<string, Buffer> => {
  const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  const table = new Map<string, Buffer>();
  const add = (bytes: Buffer): boolean => {
    try {
      const text = decoder.decode(bytes);
      if ([...text].length === 1 && !table.has(text)) table.set(text, bytes);
      return true;
    } catch {
      return false;
    }
  };
  for (let first = 0; first < 256; first++) {
    if (add(Buffer.from([first]))) continue;
    for (let second = 0x30; second < 256; second++) add(Buffer.from([first, second]));
  }
  return table;
};
