import type { Value } from '../values/index.ts';
import { KeptText } from './runtime/index.ts';

const lone = /^\{\{\s*([\p{L}\p{N}_]+)\s*\}\}\n?$/u;

/** The name in a template that is nothing but one variable. */
export const singleVariable = (source: string): string | undefined => lone.exec(source)?.[1];

const countNewlines = (text: string): number => {
  let end = text.length;
  while (end > 0 && text[end - 1] === '\n') end--;
  return text.length - end;
};

/** A text with as many newlines at its end as the template has; Jinja2 drops one. */
export const endWithSameNewlines = (value: Value, source: string, newline: string): Value => {
  if (!source.endsWith('\n')) return value;
  const text = value instanceof KeptText ? value.text : value;
  if (typeof text !== 'string') return value;
  const missing = countNewlines(source) - countNewlines(text);
  if (missing <= 0) return value;
  return text + newline.repeat(missing);
};
