import { MusterError } from '../errors/index.ts';

/** A word of a host line, without its quotes, and where it begins (from 0). */
export interface Word {
  readonly text: string;
  readonly at: number;
}

const blank = ' \t\r\n';

/**
 * Splits a host line into words as Python's shlex does: quotes and backslashes as in a shell, and a # outside of quotes
 * begins a comment even inside a word. Throws MusterError for a quote that is not closed.
 */
export const splitHostLine = (line: string): Word[] => {
  // Most lines have nothing special.
  if (!/['"\\#]/.test(line)) return plainWords(line);
  const words: Word[] = [];
  let text: string | undefined;
  let start = 0;
  const end = (): void => {
    if (text !== undefined) words.push({ text, at: start });
    text = undefined;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === '#') break;
    if (blank.includes(character)) {
      end();
      continue;
    }
    if (text === undefined) start = at;
    text ??= '';
    if (character === "'" || character === '"') {
      const close = closingQuote(line, at);
      const body = line.slice(at + 1, close);
      text += character === '"' ? body.replace(/\\([\\"])/g, '$1') : body;
      at = close;
    } else if (character === '\\') {
      if (at + 1 >= line.length) throw new MusterError('No escaped character');
      text += line[++at];
    } else {
      text += character;
    }
  }
  end();
  return words;
};

const plainWords = (line: string): Word[] => {
  const words: Word[] = [];
  for (const match of line.matchAll(/[^ \t\r\n]+/g)) words.push({ text: match[0], at: match.index });
  return words;
};

const closingQuote = (line: string, open: number): number => {
  const quote = line[open]!;
  for (let at = open + 1; at < line.length; at++) {
    if (line[at] === '\\' && quote === '"') at++;
    else if (line[at] === quote) return at;
  }
  throw new MusterError('No closing quotation');
};
