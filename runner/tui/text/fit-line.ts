import stringWidth from 'string-width';
import { truncate } from '../../output/fit.ts';
import { safeText } from '../../output/safe-text.ts';
import type { Line, Span } from './line.ts';

const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/** Text as it may stand on a line of the screen, whoever wrote it: no escape sequences, no line ends, no tabs. */
export const onOneLine = (text: string): string =>
  isPlain(text) ? text : safeText(text).replaceAll('\t', '    ').replaceAll('\n', ' ');

/** How many columns a safe text takes. */
export const widthOf = (text: string): number => (isPlain(text) ? text.length : stringWidth(text));

/** A text in exactly so many columns. */
export const fitText = (text: string, width: number, side: 'left' | 'right' = 'left'): string => {
  const safe = onOneLine(text);
  const cut = widthOf(safe) > width ? truncate(safe, width) : safe;
  const room = ' '.repeat(Math.max(0, width - widthOf(cut)));
  return side === 'left' ? cut + room : room + cut;
};

/** A line in exactly so many columns: nothing leaves this folder for the screen without having passed here. */
export const fitLine = (line: Line, width: number): Line => {
  const fitted: Span[] = [];
  let room = width;
  for (const one of line) {
    const text = onOneLine(one.text);
    const kept = widthOf(text) <= room ? text : truncate(text, room);
    fitted.push({ ...one, text: kept });
    room -= widthOf(kept);
    if (kept !== text) break;
  }
  if (room > 0) fitted.push({ text: ' '.repeat(room), isSelected: line.length > 0 && line.at(-1)!.isSelected });
  return fitted;
};

/** Exactly so many lines, each exactly so wide. */
export const fitLines = (lines: readonly Line[], width: number, height: number): Line[] =>
  Array.from({ length: Math.max(0, height) }, (_, index) => fitLine(lines[index] ?? [], width));
