/** What is wrong with text that is no JSON, and where, in the words that Python has for it. */
export const jsonMistake = (text: string): string => {
  const found = new JsonScan(text).mistake();
  const { message, at } = found ?? { message: 'Expecting value', at: 0 };
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  return `${message}: line ${line} column ${column} (char ${[...before].length})`;
};

interface Mistake {
  readonly message: string;
  readonly at: number;
}

const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|-?Infinity|NaN)/y;

/** Goes through the text as a reader would, up to the first thing that cannot be. Each step tells what is wrong there. */
class JsonScan {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  mistake(): Mistake | undefined {
    this.#skip();
    const wrong = this.#value();
    if (wrong) return wrong;
    this.#skip();
    return this.#at < this.#text.length ? this.#wrong('Extra data') : undefined;
  }

  #wrong(message: string, at = this.#at): Mistake {
    return { message, at };
  }

  #skip(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #value(): Mistake | undefined {
    const next = this.#text[this.#at];
    if (next === '"') return this.#string();
    if (next === '{' || next === '[') return this.#collection(next === '{');
    scalar.lastIndex = this.#at;
    const match = scalar.exec(this.#text);
    if (match === null) return this.#wrong('Expecting value');
    this.#at += match[0].length;
    return undefined;
  }

  #string(): Mistake | undefined {
    const start = this.#at;
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at]!;
      if (character === '"') {
        this.#at++;
        return undefined;
      }
      if (character < ' ') return this.#wrong('Invalid control character at');
      if (character !== '\\') continue;
      const letter = this.#text[++this.#at];
      if (letter === undefined) break;
      if (letter === 'u' && !/^[0-9a-fA-F]{4}/.test(this.#text.slice(this.#at + 1)))
        return this.#wrong('Invalid \\uXXXX escape');
      if (!'"\\/bfnrtu'.includes(letter)) return this.#wrong('Invalid \\escape', this.#at - 1);
    }
    return this.#wrong('Unterminated string starting at', start);
  }

  #collection(isObject: boolean): Mistake | undefined {
    const end = isObject ? '}' : ']';
    this.#at++;
    this.#skip();
    if (this.#text[this.#at] === end) {
      this.#at++;
      return undefined;
    }
    for (;;) {
      const wrong = isObject ? this.#entry() : this.#value();
      if (wrong) return wrong;
      this.#skip();
      const next = this.#text[this.#at];
      if (next !== end && next !== ',') return this.#wrong("Expecting ',' delimiter");
      this.#at++;
      if (next === end) return undefined;
      this.#skip();
    }
  }

  #entry(): Mistake | undefined {
    if (this.#text[this.#at] !== '"') return this.#wrong('Expecting property name enclosed in double quotes');
    const wrong = this.#string();
    if (wrong) return wrong;
    this.#skip();
    if (this.#text[this.#at] !== ':') return this.#wrong("Expecting ':' delimiter");
    this.#at++;
    this.#skip();
    return this.#value();
  }
}
