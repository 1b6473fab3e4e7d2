import { fitText, onOneLine, widthOf } from './fit-line.ts';
import { type Line, lineOf, type Span, span, type Tone } from './line.ts';

export interface Column<T> {
  readonly title: string;
  readonly text: (row: T) => string;
  readonly tone?: (row: T) => Tone | undefined;
  readonly align?: 'left' | 'right';
  /** Takes the room that others leave. */
  readonly grows?: boolean;
  /** Is left out on screens that are narrower. */
  readonly from?: number;
  /** No wider than that. */
  readonly most?: number;
}

/** A heading and rows as lines. Only the rows that are given are measured and drawn: those on the screen. */
export const columnLines = <T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  width: number,
  cursor: number,
): Line[] => {
  const shown = columns.filter(({ from = 0 }) => width >= from);
  const texts = rows.map((row) => shown.map((column) => onOneLine(column.text(row))));
  const widths = shown.map(({ title, most = Number.POSITIVE_INFINITY }, index) =>
    Math.min(most, Math.max(title.length, ...texts.map((cells) => widthOf(cells[index]!)))),
  );
  const mark = 2;
  const used = widths.reduce((sum, one) => sum + one, 0) + 2 * (shown.length - 1) + mark;
  const growing = shown.findIndex(({ grows }) => grows);
  if (growing !== -1) widths[growing] = Math.max(4, widths[growing]! + width - used);
  const heading = shown.map(({ title, align }, index) => fitText(title, widths[index]!, align)).join('  ');
  const lines = rows.map((row, number): Line => {
    const isSelected = number === cursor;
    const spans: Span[] = [span(isSelected ? '> ' : '  ', 'plain', isSelected)];
    for (const [index, column] of shown.entries()) {
      if (index > 0) spans.push(span('  ', 'plain', isSelected));
      spans.push(span(fitText(texts[number]![index]!, widths[index]!, column.align), column.tone?.(row), isSelected));
    }
    return spans;
  });
  return [lineOf(`  ${heading}`, 'faint'), ...lines];
};
