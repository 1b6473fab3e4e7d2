import { parseKeyValues } from '../../playbook/key-value.ts';
import type { Value } from '../../values/index.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { readInt } from '../filters/read-number.ts';
import { text } from '../filters/support.ts';
import { modulo } from '../python/index.ts';
import { lookupError } from './support.ts';

interface Sequence {
  start: number;
  end: number | undefined;
  count: number | undefined;
  stride: number;
  format: string;
}

const shortForm = /^(?:(0?x?[0-9a-f]+)-)?(0?x?[0-9a-f]+)(?:\/(0?x?[0-9a-f]+))?(?::(.+))?$/i;

const integer = (name: string, value: string): number => {
  const number = readInt(value, 0);
  if (number === undefined) throw lookupError(`can't parse ${name}=${value} as integer`);
  return Number(number);
};

const readTerm = (term: string): Sequence => {
  const sequence: Sequence = { start: 1, end: undefined, count: undefined, stride: 1, format: '%d' };
  const short = shortForm.exec(term);
  if (short) {
    const [, start, end, stride, format] = short;
    if (start !== undefined) sequence.start = integer('start', start);
    sequence.end = integer('end', end!);
    if (stride !== undefined) sequence.stride = integer('stride', stride);
    if (format !== undefined) sequence.format = format;
    return sequence;
  }
  const { options, raw } = parseKeyValues(term);
  const unknown = raw === undefined ? [] : ['_raw_params'];
  for (const [name, value] of options) {
    if (name === 'start' || name === 'end' || name === 'count' || name === 'stride')
      sequence[name] = integer(name, value);
    else if (name === 'format') sequence.format = value;
    else unknown.push(name);
  }
  if (unknown.length > 0)
    throw lookupError(`unrecognized arguments to with_sequence: [${unknown.map((name) => `'${name}'`).join(', ')}]`);
  return sequence;
};

const numbersOf = ({ start, end, count, stride, format }: Sequence): number[] => {
  if (count === undefined && end === undefined) throw lookupError('must specify count or end in with_sequence');
  if (count !== undefined && end !== undefined) throw lookupError("can't specify both count and end in with_sequence");
  const last = end ?? start + count! * stride - 1;
  if (format.split('%').length !== 2) throw lookupError(`bad formatting string: ${format}`);
  if (count === 0 || stride === 0) return [];
  if (stride > 0 && last < start) throw lookupError('to count backwards make stride negative');
  if (stride < 0 && last > start) throw lookupError("to count forward don't make stride negative");
  const length = Math.max(0, Math.ceil((last + Math.sign(stride) - start) / stride));
  return Array.from({ length }, (_, index) => start + index * stride);
};

const sequence = (term: string): Value[] => {
  const read = readTerm(term);
  return numbersOf(read).map((number) => {
    try {
      return modulo(read.format, number);
    } catch (error) {
      throw lookupError(`problem formatting ${number} with '${read.format}'`, error);
    }
  });
};

/** The lookup that counts. */
export const sequenceLookups: readonly Lookup[] = [
  defineLookup('sequence', (_, terms) => terms.flatMap((term) => sequence(text(term)))),
];
