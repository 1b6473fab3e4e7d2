import { literalEscapes } from '../../values/escapes.ts';

const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** What stands between the quotes of a Python text literal as the text that it means. Throws SyntaxError. */
export const unescapeText = (literal: string): string => {
  if (!literal.includes('\\')) return literal;
  return literal.replace(/\\(?:([0-7]{1,3})|([xuU])([0-9a-fA-F]*)|([\s\S]))/gu, (whole, octal, kind, hex, other) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    if (kind !== undefined) {
      const length = hexDigits[kind]!;
      if (hex.length < length) throw new SyntaxError(`truncated \\${kind}${'X'.repeat(length)} escape`);
      const code = Number.parseInt(hex.slice(0, length), 16);
      if (code > 0x10ffff) throw new SyntaxError('illegal Unicode character');
      return String.fromCodePoint(code) + hex.slice(length);
    }
    if (other === 'N') throw new SyntaxError('\\N{…} escapes are not known here');
    return literalEscapes[other] ?? whole;
  });
};
