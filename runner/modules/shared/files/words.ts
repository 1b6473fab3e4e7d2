import { ModuleFailure } from '../../../errors/index.ts';

/** The words of a command line as Python's shlex.split reads it: quotes and backslashes, but no other shell syntax. */
export const splitWords = (line: string): string[] => {
  const words: string[] = [];
  let word: string | undefined;
  for (let index = 0; index < line.length; index++) {
    const character = line[index]!;
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '\\') {
      if (index + 1 === line.length) throw new ModuleFailure(`No escaped character in: ${line}`);
      word = (word ?? '') + line[++index];
    } else if (character === "'" || character === '"') {
      const [text, end] = readQuoted(line, index + 1, character);
      word = (word ?? '') + text;
      index = end;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
};

/** The text up to the closing quote, and where that stands. */
const readQuoted = (line: string, start: number, quote: string): [string, number] => {
  let text = '';
  for (let index = start; index < line.length; index++) {
    const character = line[index]!;
    if (character === quote) return [text, index];
    if (quote === '"' && character === '\\' && /["\\]/.test(line[index + 1] ?? '')) text += line[++index];
    else text += character;
  }
  throw new ModuleFailure(`No closing quotation in: ${line}`);
};
