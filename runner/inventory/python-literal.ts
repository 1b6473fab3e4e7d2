import { literalEscapes } from '../values/escapes.ts';
import { type Dict, type Float, float, integer, tuple, type Value } from '../values/index.ts';

/**
 * What Python's ast.literal_eval makes of a text (numbers, quoted text, lists, tuples, dicts, sets, True, False, None),
 * or undefined when it is no such literal. INI inventories read their values so.
 */
export const readPythonLiteral = (text: string): Value | undefined => {
  // Most values are plain words, which no literal begins like.
  if (!/^[ \t]*[-+\d.'"[({TFNrRbBuUs]/.test(text)) return undefined;
  try {
    return new LiteralReader(text).readAll();
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
};

class NoLiteral extends Error {}

// One for all: most texts are no literals, and a stack trace for each would take longer than everything else.
const noLiteral = new NoLiteral();

const constants: Readonly<Record<string, Value>> = { True: true, False: false, None: null };
const numberPattern =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*\.?(?:[eE][+-]?\d(?:_?\d)*)?)(?![\w.])/y;
const stringStart = /([rR]?[bB]?|[bB]?[rR]?|[uU]?)('''|"""|'|")/y;

// Python reads no brackets inside of more others.
const deepest = 200;

class LiteralReader {
  readonly #text: string;
  #at = 0;
  // Inside brackets line ends count as blanks.
  #depth = 0;

  constructor(text: string) {
    this.#text = text.replace(/^[ \t]+/, '');
  }

  readAll(): Value {
    const value = this.#readItems('', true);
    this.#skip();
    if (this.#at < this.#text.length) throw noLiteral;
    return value;
  }

  // A value, or a tuple of them when a comma follows.
  #readItems(close: string, isTop: boolean): Value {
    const first = this.#readValue();
    if (!this.#take(',')) return first;
    const items = [first];
    while (!this.#isAtEnd(close)) {
      items.push(this.#readValue());
      if (!this.#take(',')) break;
    }
    if (!isTop && !this.#isAtEnd(close)) throw noLiteral;
    return tuple(items);
  }

  #readValue(): Value {
    this.#skip();
    const next = this.#text[this.#at];
    if (next === '[') return this.#inside('[', ']', () => this.#readList(']'));
    if (next === '(')
      return this.#inside('(', ')', () => (this.#isAtEnd(')') ? tuple([]) : this.#readItems(')', false)));
    if (next === '{') return this.#inside('{', '}', () => this.#readBraces());
    if (next === '-' || next === '+') {
      this.#at++;
      this.#skip();
      if (/[-+]/.test(this.#text[this.#at] ?? '')) throw noLiteral;
      const value = this.#readValue();
      if (typeof value === 'boolean') throw noLiteral;
      if (next === '+') return isNumber(value) ? value : fail();
      return negate(value);
    }
    stringStart.lastIndex = this.#at;
    if (stringStart.test(this.#text)) return this.#readStrings();
    numberPattern.lastIndex = this.#at;
    const number = numberPattern.exec(this.#text)?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      return readNumber(number);
    }
    if (/set\(\)/y.test(this.#text.slice(this.#at))) {
      this.#at += 'set()'.length;
      return new Set();
    }
    const name = /^[A-Za-z]+(?!\w)/.exec(this.#text.slice(this.#at, this.#at + 8))?.[0] ?? '';
    if (!Object.hasOwn(constants, name)) throw noLiteral;
    this.#at += name.length;
    return constants[name]!;
  }

  #readList(close: string): Value[] {
    const items: Value[] = [];
    while (!this.#isAtEnd(close)) {
      items.push(this.#readValue());
      if (!this.#take(',')) break;
    }
    return items;
  }

  #readBraces(): Value {
    if (this.#isAtEnd('}')) return new Map();
    const first = this.#readValue();
    if (!this.#take(':')) {
      const rest = this.#take(',') ? this.#readList('}') : [];
      return new Set([first, ...rest].map(hashable));
    }
    const entries: Dict = new Map([[hashable(first), this.#readValue()]]);
    while (this.#take(',') && !this.#isAtEnd('}')) {
      const key = hashable(this.#readValue());
      if (!this.#take(':')) throw noLiteral;
      entries.set(key, this.#readValue());
    }
    return entries;
  }

  #inside<T>(open: string, close: string, read: () => T): T {
    this.#at += open.length;
    if (++this.#depth > deepest) throw noLiteral;
    const value = read();
    if (!this.#take(close)) throw noLiteral;
    this.#depth--;
    return value;
  }

  // Strings that follow each other are one.
  #readStrings(): Value {
    let whole = '';
    for (;;) {
      this.#skip();
      stringStart.lastIndex = this.#at;
      const start = stringStart.exec(this.#text);
      if (!start) return whole;
      const prefix = start[1]!.toLowerCase();
      const quote = start[2]!;
      this.#at += start[0].length;
      const body = this.#readUntil(quote);
      if (quote.length === 1 && body.includes('\n')) throw noLiteral;
      whole += prefix.includes('r') ? body : readEscapes(body, prefix.includes('b'));
    }
  }

  #readUntil(quote: string): string {
    const begin = this.#at;
    for (let at = begin; at < this.#text.length; at++) {
      if (this.#text[at] === '\\') at++;
      else if (this.#text.startsWith(quote, at)) {
        this.#at = at + quote.length;
        return this.#text.slice(begin, at);
      }
    }
    throw noLiteral;
  }

  #take(token: string): boolean {
    this.#skip();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #isAtEnd(close: string): boolean {
    this.#skip();
    return close === '' ? this.#at >= this.#text.length : this.#text.startsWith(close, this.#at);
  }

  #skip(): void {
    const blank = this.#depth > 0 ? /(?:\s|#.*)*/y : /[ \t\f]*(?:#.*)?\s*/y;
    blank.lastIndex = this.#at;
    this.#at += blank.exec(this.#text)![0].length;
  }
}

const fail = (): never => {
  throw noLiteral;
};

const isNumber = (value: Value): value is number | bigint | Float =>
  typeof value === 'number' || typeof value === 'bigint' || isFloat(value);

const isFloat = (value: Value): value is Float =>
  value !== null && typeof value === 'object' && typeof value.valueOf() === 'number';

const negate = (value: Value): Value => {
  if (typeof value === 'bigint') return integer(-value);
  if (typeof value === 'number') return value === 0 ? 0 : -value;
  return isFloat(value) ? float(-value.value) : fail();
};

// Lists, dicts and sets cannot be keys or members of sets.
const hashable = (value: Value): Value =>
  value instanceof Map || value instanceof Set || (Array.isArray(value) && value.constructor === Array)
    ? fail()
    : value;

const readNumber = (token: string): Value => {
  const digits = token.replaceAll('_', '');
  if (/^0[xXoObB]/.test(digits)) return integer(BigInt(digits.toLowerCase()));
  if (/[.eE]/.test(digits)) return float(Number(digits));
  // Python takes no number for 0644.
  if (/^0\d*[1-9]/.test(digits)) throw noLiteral;
  return integer(BigInt(digits));
};

// Backslashes that begin no escape stay.
const readEscapes = (body: string, isBytes: boolean): string =>
  body.replace(
    /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([xuUN])|([\s\S]))/g,
    (whole, octal?: string, hex?: string, short?: string, long?: string, broken?: string, plain?: string) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (isBytes && (short !== undefined || long !== undefined || (broken !== undefined && broken !== 'x')))
        return whole;
      if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16));
      if (long !== undefined) {
        const code = Number.parseInt(long, 16);
        return code > 0x10ffff ? fail() : String.fromCodePoint(code);
      }
      if (broken !== undefined) return fail();
      return literalEscapes[plain!] ?? whole;
    },
  );
