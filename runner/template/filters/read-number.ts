import { integer } from '../../values/index.ts';

const prefixes: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16 };

/** Python's int(text, base); undefined where it raises. Base 0 goes by the prefix. */
export const readInt = (text: string, base = 10): number | bigint | undefined => {
  const found = /^([+-]?)(?:0([bBoOxX])_?)?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)$/.exec(text.trim());
  if (!found) return undefined;
  const [whole, sign, prefix] = found;
  const named = prefix === undefined ? undefined : prefixes[prefix.toLowerCase()];
  // `0b11` is a number of base 16 as well, without its prefix meaning anything.
  const usesPrefix = named !== undefined && (base === 0 || base === named);
  const radix = base === 0 ? (named ?? 10) : base;
  const digits = (usesPrefix ? found[3]! : whole.trim().slice(sign!.length)).replaceAll('_', '').toLowerCase();
  if (base === 0 && !usesPrefix && /^0+[1-9]/.test(digits)) return undefined;
  let value = 0n;
  for (const digit of digits) {
    const number = Number.parseInt(digit, 36);
    if (!(number < radix)) return undefined;
    value = value * BigInt(radix) + BigInt(number);
  }
  return integer(sign === '-' ? -value : value);
};

/** Python's float(text); undefined where it raises. */
export const readFloat = (text: string): number | undefined => {
  const trimmed = text.trim();
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(trimmed);
  if (special) {
    if (special[2]!.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const digits = '\\d+(?:_\\d+)*';
  const pattern = new RegExp(`^[+-]?(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:[eE][+-]?${digits})?$`);
  return pattern.test(trimmed) ? Number(trimmed.replaceAll('_', '')) : undefined;
};
