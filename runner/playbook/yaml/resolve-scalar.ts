import { float, integer, type Value } from '../../values/index.ts';
import { parseTimestamp } from './timestamp.ts';

const words = new Map<string, boolean | null>();
for (const word of ['yes', 'true', 'on']) for (const form of spellings(word)) words.set(form, true);
for (const word of ['no', 'false', 'off']) for (const form of spellings(word)) words.set(form, false);
for (const form of spellings('null')) words.set(form, null);
words.set('~', null);
words.set('', null);

function spellings(word: string): string[] {
  return [word, word[0]!.toUpperCase() + word.slice(1), word.toUpperCase()];
}

const integerForm =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const floatForm =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** What a plain scalar means in YAML 1.1, as PyYAML decides it: a boolean, null, number, date, or undefined for text. */
export const resolvePlain = (text: string): Value | undefined => {
  const first = text.charCodeAt(0);
  // Numbers and dates begin with a digit, a sign or a point; that sorts most text out at once.
  if ((first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e) {
    if (floatForm.test(text)) return parseFloatText(text);
    if (integerForm.test(text)) return parseIntegerText(text);
    return first >= 0x30 && first <= 0x39 ? parseTimestamp(text) : undefined;
  }
  return text.length <= 5 ? words.get(text) : undefined;
};

/** Text in one of YAML 1.1's spellings of an integer; undefined when it is none. */
export const parseIntegerText = (text: string): number | bigint | undefined => {
  const digits = text.replaceAll('_', '');
  const isNegative = digits[0] === '-';
  const body = /^[-+]/.test(digits) ? digits.slice(1) : digits;
  const size = parseSize(body);
  if (size === undefined) return undefined;
  return integer(isNegative ? -size : size);
};

const parseSize = (body: string): bigint | undefined => {
  if (body.includes(':')) {
    if (!/^\d+(:\d+)*$/.test(body)) return undefined;
    return body.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  }
  if (/^0b[01]+$/.test(body) || /^0x[0-9a-fA-F]+$/.test(body)) return BigInt(body);
  if (/^0[0-7]+$/.test(body)) return BigInt(`0o${body.slice(1)}`);
  return /^\d+$/.test(body) ? BigInt(body) : undefined;
};

/** Text in one of YAML 1.1's spellings of a float; undefined when it is none. */
export const parseFloatText = (text: string): Value | undefined => {
  const lower = text.replaceAll('_', '').toLowerCase();
  const sign = lower[0] === '-' ? -1 : 1;
  const body = /^[-+]/.test(lower) ? lower.slice(1) : lower;
  if (body === '.inf') return float(sign * Number.POSITIVE_INFINITY);
  if (body === '.nan') return float(Number.NaN);
  if (body.includes(':')) return float(sign * body.split(':').reduce((sum, part) => sum * 60 + Number(part), 0));
  return /^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(body) ? float(sign * Number(body)) : undefined;
};

/** `!!bool`'s reading of text. */
export const parseBooleanText = (text: string): boolean | undefined => {
  const word = words.get(text.toLowerCase());
  return word === null ? undefined : word;
};
