import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

const segmenter = new Intl.Segmenter();

/** The text in at most `width` columns: what does not fit gives way to `...`. */
export const truncate = (text: string, width: number): string => {
  if (stringWidth(text) <= width) return text;
  const room = Math.max(0, width - 3);
  let used = 0;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    used += stringWidth(segment);
    if (used > room) break;
    kept += segment;
  }
  return kept + '...'.slice(0, Math.max(0, width));
};

/** The text broken at blanks so that it fits; lines after the first begin with `indent` blanks. */
export const wrap = (text: string, width: number, indent: number): string => {
  // A column is left free: some terminals begin a new line as soon as the last one is filled.
  const room = Math.max(10, width - indent - 1);
  return wrapAnsi(text, room, { hard: true, trim: true }).replaceAll('\n', `\n${' '.repeat(indent)}`);
};
