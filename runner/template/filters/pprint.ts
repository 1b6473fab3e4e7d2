import { Tuple, toRepr, tuple, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { isOrdered } from '../python/index.ts';

const width = 80;

const sorted = (map: ReadonlyMap<Value, Value>): [Value, Value][] => {
  try {
    return [...map].sort(([left], [right]) => (isOrdered('<', left, right) ? -1 : 1));
  } catch {
    return [...map];
  }
};

const sortKeys = (value: Value): Value => {
  if (value instanceof Map) return new Map(sorted(value).map(([key, item]) => [key, sortKeys(item)]));
  if (value instanceof Tuple) return tuple(value.map(sortKeys));
  return Array.isArray(value) ? value.map(sortKeys) : value;
};

// `indent` is the column where the value starts, `room` what has to stay free after it.
const format = (value: Value, indent: number, room: number): string => {
  const short = toRepr(value);
  if (short.length <= width - indent - room) return short;
  if (value instanceof Map && value.size > 0) {
    const entries = [...value];
    const lines = entries.map(([key, item], index) => {
      const name = `${toRepr(key)}: `;
      return name + format(item, indent + 1 + name.length, index === entries.length - 1 ? room + 1 : 1);
    });
    return `{${lines.join(`,\n${' '.repeat(indent + 1)}`)}}`;
  }
  if (Array.isArray(value) && value.length > 0) {
    const [open, close] = value instanceof Tuple ? ['(', value.length === 1 ? ',)' : ')'] : ['[', ']'];
    const items = value.map((item, index) =>
      format(item, indent + 1, index === value.length - 1 ? room + close.length : 1),
    );
    return open + items.join(`,\n${' '.repeat(indent + 1)}`) + close;
  }
  return typeof value === 'string' ? formatText(value, indent, room) : short;
};

// Long text is written in pieces, which Python puts together again.
const formatText = (value: string, indent: number, room: number): string => {
  const isWrapped = indent === 0;
  const column = isWrapped ? 1 : indent;
  const available = width - column;
  const pieces: string[] = [];
  const lines = value.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  lines.forEach((line, number) => {
    const isLastLine = number === lines.length - 1;
    const whole = toRepr(line);
    if (whole.length <= available - (isLastLine ? room : 0)) {
      pieces.push(whole);
      return;
    }
    let current = '';
    const words = line.match(/\S*\s*/g)!.filter((word) => word !== '');
    words.forEach((word, index) => {
      const limit = isLastLine && index === words.length - 1 ? available - room : available;
      if (current !== '' && toRepr(current + word).length > limit) {
        pieces.push(toRepr(current));
        current = word;
      } else current += word;
    });
    if (current !== '') pieces.push(toRepr(current));
  });
  if (pieces.length <= 1) return toRepr(value);
  const text = pieces.join(`\n${' '.repeat(column)}`);
  return isWrapped ? `(${text})` : text;
};

/** Jinja2's filter that prints a value over several lines where one is too long, as Python's pprint. */
export const prettyPrint: readonly Filter[] = [
  defineFilter('pprint', 'value', (_, value) => format(sortKeys(value), 0, 0)),
];
