import { encode, float, tuple, type Value } from '../../values/index.ts';
import { readInteger } from '../syntax/number-literal.ts';
import { unescapeText } from '../syntax/text-literal.ts';
import { negate, positive } from './arithmetic.ts';
import { setEntry, setOf } from './comparison.ts';

const names = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const jsonNames = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

const token =
  /([ \t\f]+|\\\n)|(#[^\n]*)|(\n)|((?:[rRbBuU]|[rR][bB]|[bB][rR])?(?:'''[\s\S]*?(?<!\\)(?:\\\\)*'''|"""[\s\S]*?(?<!\\)(?:\\\\)*"""|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"))|((?:\d[\d_]*)?\.\d[\d_]*(?:[eE][-+]?\d[\d_]*)?|\d[\d_]*\.(?:[eE][-+]?\d[\d_]*)?|\d[\d_]*[eE][-+]?\d[\d_]*)|(0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[1-9][\d_]*|0[0_]*)|([\p{ID_Start}_]\p{ID_Continue}*)|([[\](){},:+-])/uy;

interface Token {
  readonly type: 'text' | 'float' | 'int' | 'name' | 'operator';
  readonly value: string;
}

// What is no literal is a plain text to the caller, whatever is wrong with it.
class NotLiteral extends Error {}

const deepest = 150;

/**
 * The value of a Python literal (and JSON's true, false, null where `allowsJson`), as `ast.literal_eval` reads it.
 * Undefined when the text is none. Throws a TemplateError for a list or dict used as a key.
 */
export const readLiteral = (text: string, allowsJson = true): Value | undefined => {
  if (/^[ \t]/.test(text)) return undefined;
  try {
    const reader = new Reader(tokenize(text), allowsJson);
    return reader.readAll();
  } catch (error) {
    if (error instanceof NotLiteral || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const tokenize = (text: string): Token[] => {
  const tokens: Token[] = [];
  let open = 0;
  let isEnded = false;
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) throw new NotLiteral();
    const [, space, comment, newline, literal, real, int, name, operator] = match;
    if (space !== undefined || comment !== undefined) continue;
    if (newline !== undefined) {
      if (open === 0) isEnded = true;
      continue;
    }
    if (isEnded) throw new NotLiteral();
    if (operator !== undefined) {
      if ('[({'.includes(operator) && ++open > deepest) throw new NotLiteral();
      if ('])}'.includes(operator)) open--;
      tokens.push({ type: 'operator', value: operator });
    } else if (literal !== undefined) tokens.push({ type: 'text', value: literal });
    else if (real !== undefined) tokens.push({ type: 'float', value: real });
    else if (int !== undefined) tokens.push({ type: 'int', value: int });
    else tokens.push({ type: 'name', value: name! });
  }
  return tokens;
};

class Reader {
  readonly #tokens: readonly Token[];
  readonly #allowsJson: boolean;
  #next = 0;
  #badKey: unknown;

  constructor(tokens: readonly Token[], allowsJson: boolean) {
    this.#tokens = tokens;
    this.#allowsJson = allowsJson;
  }

  readAll(): Value {
    const first = this.#read();
    const value = this.#is(',') ? tuple(this.#readItems(undefined, [first])) : first;
    if (this.#next < this.#tokens.length) throw new NotLiteral();
    if (this.#badKey !== undefined) throw this.#badKey;
    return value;
  }

  #take(): Token {
    const next = this.#tokens[this.#next++];
    if (next === undefined) throw new NotLiteral();
    return next;
  }

  #is(operator: string): boolean {
    const next = this.#tokens[this.#next];
    return next?.type === 'operator' && next.value === operator;
  }

  #skip(operator: string): boolean {
    if (!this.#is(operator)) return false;
    this.#next++;
    return true;
  }

  #expect(operator: string): void {
    if (!this.#skip(operator)) throw new NotLiteral();
  }

  #read(): Value {
    const { type, value } = this.#take();
    switch (type) {
      case 'int':
        return readInteger(value);
      case 'float':
        return float(Number(value.replaceAll('_', '')));
      case 'text':
        return this.#readText(value);
      case 'name':
        return this.#readName(value);
      default:
        return this.#readOperator(value);
    }
  }

  #readName(name: string): Value {
    const constant = names.get(name);
    if (constant !== undefined) return constant;
    const json = this.#allowsJson ? jsonNames.get(name) : undefined;
    if (json !== undefined) return json;
    if (name !== 'set') throw new NotLiteral();
    this.#expect('(');
    this.#expect(')');
    return new Set();
  }

  // Adjacent text literals are one.
  #readText(first: string): Value {
    let text = readText(first);
    for (;;) {
      const next = this.#tokens[this.#next];
      if (next?.type !== 'text') break;
      this.#next++;
      const more = readText(next.value);
      if (more.isBytes !== text.isBytes) throw new NotLiteral();
      text = { text: text.text + more.text, isBytes: text.isBytes };
    }
    return text.isBytes ? (encode(text.text, 'latin-1', 'strict') ?? fail()) : text.text;
  }

  #readOperator(operator: string): Value {
    switch (operator) {
      case '[':
        return this.#readItems(']', []);
      case '(':
        return this.#readParentheses();
      case '{':
        return this.#readBraces();
      case '-':
      case '+': {
        const type = this.#tokens[this.#next]?.type;
        if (type !== 'int' && type !== 'float') throw new NotLiteral();
        const value = this.#read();
        return operator === '-' ? negate(value) : positive(value);
      }
      default:
        throw new NotLiteral();
    }
  }

  // Items up to `close`, or to the end of everything, after those that were read.
  #readItems(close: string | undefined, items: Value[]): Value[] {
    for (;;) {
      if (items.length > 0 && !this.#skip(',')) {
        if (close !== undefined) this.#expect(close);
        return items;
      }
      if (close === undefined ? this.#next === this.#tokens.length : this.#skip(close)) return items;
      items.push(this.#read());
    }
  }

  #readParentheses(): Value {
    if (this.#skip(')')) return tuple([]);
    const first = this.#read();
    if (this.#skip(')')) return first;
    return tuple(this.#readItems(')', [first]));
  }

  #readBraces(): Value {
    const map = new Map<Value, Value>();
    if (this.#skip('}')) return map;
    const first = this.#read();
    if (!this.#skip(':')) {
      const items = this.#readItems('}', [first]);
      return this.#attempt(() => setOf(items));
    }
    this.#setEntry(map, first, this.#read());
    while (!this.#skip('}')) {
      this.#expect(',');
      if (this.#skip('}')) break;
      const key = this.#read();
      this.#expect(':');
      this.#setEntry(map, key, this.#read());
    }
    return map;
  }

  #setEntry(map: Map<Value, Value>, key: Value, value: Value): void {
    this.#attempt(() => {
      setEntry(map, key, value);
      return null;
    });
  }

  // A key that cannot be one matters only once the whole text is seen to be a literal.
  #attempt(make: () => Value): Value {
    try {
      return make();
    } catch (error) {
      this.#badKey ??= error;
      return null;
    }
  }
}

const fail = (): never => {
  throw new NotLiteral();
};

const readText = (literal: string): { readonly text: string; readonly isBytes: boolean } => {
  const [, prefix, quote] = /^([a-zA-Z]*)('''|"""|'|")/.exec(literal)!;
  const body = literal.slice(prefix!.length + quote!.length, -quote!.length);
  return { text: /r/i.test(prefix!) ? body : unescapeText(body), isBytes: /b/i.test(prefix!) };
};
