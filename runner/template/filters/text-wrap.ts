export interface WrapOptions {
  readonly breakLongWords: boolean;
  readonly breakOnHyphens: boolean;
}

// Where Python's textwrap may break: blanks, after the hyphen inside a word, around an em dash.
const space = '[\\t\\n\\v\\f\\r ]';
const notSpace = '[^\\t\\n\\v\\f\\r ]';
const word = '[\\p{L}\\p{N}_]';
const punctuated = `[\\p{L}\\p{N}_!"'&.,?]`;
const letter = '[\\p{L}_]';
const hyphen = `-(?:(?<=${letter}{2}-)|(?<=${letter}-${letter}-))(?=${letter}-?${letter})`;
const breaks = new RegExp(
  `(${space}+|(?<=${punctuated})-{2,}(?=${word})|${notSpace}+?(?:${hyphen}|(?=${space}|$)|(?<=${punctuated})(?=-{2,}${word})))`,
  'u',
);
const blanks = /([\t\n\v\f\r ]+)/;

/** One line of text in lines of at most `width` characters, as Python's textwrap.wrap breaks it. */
export const wrapLine = (line: string, width: number, { breakLongWords, breakOnHyphens }: WrapOptions): string[] => {
  const chunks = line.split(breakOnHyphens ? breaks : blanks).filter((chunk) => chunk !== '');
  chunks.reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    const current: string[] = [];
    let length = 0;
    if (chunks.at(-1)!.trim() === '' && lines.length > 0) chunks.pop();
    while (chunks.length > 0 && length + sizeOf(chunks.at(-1)!) <= width) {
      length += sizeOf(chunks.at(-1)!);
      current.push(chunks.pop()!);
    }
    if (chunks.length > 0 && sizeOf(chunks.at(-1)!) > width)
      splitLongWord(chunks, current, width < 1 ? 1 : width - length, breakLongWords, breakOnHyphens);
    if (current.at(-1)?.trim() === '') current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
};

const sizeOf = (text: string): number => [...text].length;

const splitLongWord = (
  chunks: string[],
  current: string[],
  room: number,
  breakLongWords: boolean,
  breakOnHyphens: boolean,
): void => {
  const chunk = [...chunks.at(-1)!];
  if (!breakLongWords) {
    if (current.length === 0) current.push(chunks.pop()!);
    return;
  }
  let end = room;
  if (breakOnHyphens && chunk.length > room) {
    const hyphen = chunk.slice(0, room).lastIndexOf('-');
    if (hyphen > 0 && chunk.slice(0, hyphen).some((character) => character !== '-')) end = hyphen + 1;
  }
  current.push(chunk.slice(0, end).join(''));
  chunks[chunks.length - 1] = chunk.slice(end).join('');
};
