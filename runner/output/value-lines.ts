import type { Json } from '../values/index.ts';
import { safeText } from './safe-text.ts';

/** Data as indented lines for people, like YAML, but for text of several lines, which stands as it is. */
export const valueLines = (value: Json): string[] => {
  if (isEmpty(value)) return [Array.isArray(value) ? '[]' : '{}'];
  if (Array.isArray(value)) return value.flatMap((item) => indented('- ', '  ', valueLines(item)));
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, item]) => entryLines(safeText(key), item));
  }
  return safeText(scalarText(value)).trimEnd().split('\n');
};

/** A value below its name, or behind it where there is room. */
export const entryLines = (name: string, value: Json): string[] => {
  const lines = valueLines(value);
  const isInline = lines.length === 1 && (value === null || typeof value !== 'object' || isEmpty(value));
  return isInline ? [`${name}: ${lines[0]}`.trimEnd()] : [`${name}:`, ...lines.map((line) => `  ${line}`)];
};

/** A single value as text; nothing for what is not there. */
export const scalarText = (value: Json | undefined): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const isEmpty = (value: Json): boolean =>
  value !== null && typeof value === 'object' && Object.keys(value).length === 0;

const indented = (first: string, next: string, lines: readonly string[]): string[] =>
  lines.map((line, index) => (index === 0 ? first : next) + line);
