import { windowAround } from '../run/window.ts';
import { type Column, columnLines } from '../text/columns.ts';
import { type Line, lineOf } from '../text/line.ts';
import { moveBy } from './keys.ts';

/** A list on a screen. */
export interface ListState<T> {
  /** Undefined until it was loaded. */
  readonly rows: readonly T[] | undefined;
  readonly cursor: number;
  readonly filter: string;
}

/** A list before its rows are known. */
export const newList = <T>(): ListState<T> => ({ rows: undefined, cursor: 0, filter: '' });

/** The rows that a filter leaves: all of its words stand in a row's text, those behind `!` do not. */
const visibleRows = <T>({ rows = [], filter }: ListState<T>, textOf: (row: T) => string): readonly T[] => {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = textOf(row).toLowerCase();
    return words.every((word) => (word.startsWith('!') ? !text.includes(word.slice(1)) : text.includes(word)));
  });
};

/** The row under the cursor. */
export const rowAt = <T>(list: ListState<T>, textOf: (row: T) => string): T | undefined => {
  const rows = visibleRows(list, textOf);
  return rows[Math.min(list.cursor, rows.length - 1)];
};

/** The list after a key that moves its cursor; undefined when the key does not. */
export const moveList = <T>(
  list: ListState<T>,
  key: string,
  page: number,
  textOf: (row: T) => string,
): ListState<T> | undefined => {
  const count = visibleRows(list, textOf).length;
  const cursor = moveBy(key, Math.min(list.cursor, Math.max(0, count - 1)), count, page);
  return cursor === undefined ? undefined : { ...list, cursor: Math.max(0, cursor) };
};

/** New rows, with the cursor where it was. */
export const withRows = <T>(list: ListState<T>, rows: readonly T[]): ListState<T> => ({ ...list, rows });

/** The part of a list that fits, around its cursor. */
export const listLines = <T>(
  list: ListState<T>,
  columns: readonly Column<T>[],
  textOf: (row: T) => string,
  size: { readonly columns: number; readonly rows: number },
  emptyText: string,
): Line[] => {
  if (list.rows === undefined) return [lineOf('loading …', 'faint')];
  const rows = visibleRows(list, textOf);
  if (rows.length === 0) return [lineOf(list.filter === '' ? emptyText : 'nothing is like the filter', 'faint')];
  const cursor = Math.min(list.cursor, rows.length - 1);
  const { start, count } = windowAround(cursor, rows.length, size.rows - 1);
  return columnLines(columns, rows.slice(start, start + count), size.columns, cursor - start);
};
