import { other } from './plain-words.ts';

/** A line that says something: where its text begins and ends, without blanks around it. */
export interface Line {
  readonly indent: number;
  readonly start: number;
  readonly end: number;
  /** Comments stand between it and the line before. */
  readonly isCommented: boolean;
}

/** The lines with something in them, but for a `---` in front of everything; they are looked for as they are asked for. */
export class PlainLines {
  readonly #text: string;
  #from = 0;
  #isFirst = true;
  #line: Line | undefined;

  constructor(text: string) {
    this.#text = text;
    this.advance();
  }

  get current(): Line | undefined {
    return this.#line;
  }

  advance(): Line | undefined {
    const text = this.#text;
    let isCommented = false;
    this.#line = undefined;
    while (this.#from < text.length && !this.#line) {
      const from = this.#from;
      let until = text.indexOf('\n', from);
      if (until === -1) until = text.length;
      this.#from = until + 1;
      let start = from;
      while (start < until && text[start] === ' ') start++;
      let end = until;
      while (end > start && text[end - 1] === ' ') end--;
      if (start === end) continue;
      if (text[start] === '#') isCommented = true;
      else if (start === from && mark.test(text.slice(start, start + 3))) {
        // The document begins.
        if (!this.#isFirst || isCommented || text.slice(start, end) !== '---') throw other;
        this.#isFirst = false;
      } else {
        this.#isFirst = false;
        this.#line = { indent: start - from, start, end, isCommented };
      }
    }
    return this.#line;
  }

  /**
   * The text that begins on the next line and is further in than `column`; it ends with a line break if `endsLine`.
   * `isFolded`: its lines are parts of one line. To be followed by `advance`.
   */
  readText(column: number, isFolded: boolean, endsLine: boolean): { value: string; textStart: number } {
    const text = this.#text;
    const lines: string[] = [];
    let indent = 0;
    let textStart = -1;
    let isWhole = false;
    while (this.#from < text.length) {
      const from = this.#from;
      let until = text.indexOf('\n', from);
      if (until === -1) until = text.length;
      let start = from;
      while (start < until && text[start] === ' ') start++;
      if (start < until && textStart === -1) {
        indent = start - from;
        textStart = start;
        // There is no text, or blank lines in front of it have more blanks.
        if (indent <= column || lines.some((line) => line.length > indent)) throw other;
        lines.fill('');
      } else if (start < until && start - from < indent) break;
      else if (start === until && textStart !== -1 && until - from > indent) throw other;
      lines.push(textStart === -1 ? text.slice(from, until) : text.slice(from + indent, until));
      if (start < until) isWhole = until < text.length;
      this.#from = until + 1;
    }
    if (textStart === -1) throw other;
    while (lines.at(-1) === '') lines.pop();
    if (isFolded && lines.some((line) => line.startsWith(' '))) throw other;
    const value = isFolded ? folded(lines) : lines.join('\n');
    return { value: endsLine && isWhole ? `${value}\n` : value, textStart };
  }
}

/** Lines of which those that follow each other make one; an empty one is a line break. */
const folded = (lines: readonly string[]): string => {
  let value = '';
  for (const [index, line] of lines.entries()) {
    if (line === '') value += '\n';
    else value += index > 0 && lines[index - 1] !== '' ? ` ${line}` : line;
  }
  return value;
};

const mark = /^(?:---|\.\.\.|%)/;
