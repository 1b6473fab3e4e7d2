import { bytesRegex, byteText } from './bytes-regex.ts';

/** What blockinfile's arguments ask for. */
export interface BlockRules {
  readonly block: string;
  /** The lines around the block, without their newlines. */
  readonly begin: string;
  readonly end: string;
  readonly insertAfter: string | undefined;
  readonly insertBefore: string | undefined;
}

/** Python's bytes.splitlines(True). */
const splitLines = (text: string): string[] => text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];

/** Puts the block where it belongs in a byte text, or takes it out when it is empty. */
export const editBlock = (text: string, rules: BlockRules): string => {
  const lines = splitLines(text);
  const begin = `${byteText(rules.begin)}\n`;
  const end = `${byteText(rules.end)}\n`;
  const block = byteText(rules.block);
  const blockLines = block === '' ? [] : [begin, block.endsWith('\n') ? block : `${block}\n`, end];
  const first = lines.lastIndexOf(begin);
  const last = lines.lastIndexOf(end);
  let place: number;
  if (first === -1 || last === -1) {
    place = findPlace(text, lines, rules);
  } else {
    place = Math.min(first, last);
    lines.splice(place, Math.abs(last - first) + 1);
  }
  if (place > 0 && !lines[place - 1]!.endsWith('\n')) lines[place - 1] += '\n';
  lines.splice(place, 0, ...blockLines);
  return lines.join('');
};

/** Where a new block goes: the index of the line that it stands in front of. */
const findPlace = (text: string, lines: readonly string[], { insertAfter, insertBefore }: BlockRules): number => {
  const pattern = insertAfter !== undefined && insertAfter !== 'EOF' ? insertAfter : insertBefore;
  if (pattern === undefined) return lines.length;
  if (pattern === insertBefore && pattern === 'BOF') return 0;
  const regex = bytesRegex(pattern);
  let found = -1;
  if (/^\(\?[a-zA-Z]*m[a-zA-Z]*\)/.test(pattern)) {
    // A pattern of several lines looks at the whole file.
    const match = regex.search(text);
    if (match) found = countNewlines(text.slice(0, insertAfter === undefined ? match.start : match.end));
  } else {
    found = lines.findLastIndex((line) => regex.search(line) !== undefined);
  }
  if (found === -1) return lines.length;
  return insertAfter === undefined ? found : found + 1;
};

const countNewlines = (text: string): number => text.split('\n').length - 1;
