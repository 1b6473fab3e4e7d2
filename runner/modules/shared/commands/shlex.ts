/** A text that shlex cannot split; the message is Python's. */
export class ShlexError extends Error {}

const blank = /[ \t\r\n]/;

/**
 * Splits text into words as Python's shlex.split does: POSIX quoting without expansions or operators. Throws ShlexError
 * for a quote that is not closed and for a backslash at the end.
 */
export const splitWords = (text: string): string[] => {
  const words: string[] = [];
  let word: string | undefined;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (blank.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'") {
      const end = text.indexOf("'", index + 1);
      if (end === -1) throw new ShlexError('No closing quotation');
      word = (word ?? '') + text.slice(index + 1, end);
      index = end;
    } else if (character === '"') {
      const [quoted, end] = readDoubleQuoted(text, index + 1);
      word = (word ?? '') + quoted;
      index = end;
    } else if (character === '\\') {
      index++;
      if (index >= text.length) throw new ShlexError('No escaped character');
      word = (word ?? '') + text[index];
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
};

/** What stands between double quotes from `start` on, and where the closing one stands. */
const readDoubleQuoted = (text: string, start: number): [string, number] => {
  let quoted = '';
  for (let index = start; index < text.length; index++) {
    const character = text[index]!;
    if (character === '"') return [quoted, index];
    const next = text[index + 1];
    if (character === '\\' && next === undefined) throw new ShlexError('No escaped character');
    // Inside double quotes a backslash stands for itself, but in front of a quote or another backslash.
    if (character === '\\' && (next === '"' || next === '\\')) index++;
    quoted += text[index];
  }
  throw new ShlexError('No closing quotation');
};

/** A word as Python's shlex.quote writes it. */
const quoteWord = (word: string): string => {
  if (word === '') return "''";
  return /[^\w@%+=:,./-]/.test(word) ? `'${word.replaceAll("'", `'"'"'`)}'` : word;
};

/** Words as one line that a shell would read the same way. */
export const joinWords = (words: readonly string[]): string => words.map(quoteWord).join(' ');
