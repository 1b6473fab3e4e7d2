import { type Dict, encode, toText, type Value } from '../../../values/index.ts';
import { findKey } from '../comparison.ts';
import { templateError, typeError, valueError } from '../errors.ts';
import { wholeArgument } from '../integers.ts';
import { characters } from '../sequences.ts';
import { formatText } from '../text-format.ts';
import type { TextMethod } from './text-case.ts';
import { textArgument } from './text-search.ts';

const strip =
  (atStart: boolean, atEnd: boolean) =>
  (self: string, chars: Value): string => {
    const all = [...self];
    const stripped = chars === null ? undefined : textArgument(chars);
    const isStripped = (character: string): boolean =>
      stripped === undefined ? /[\s\x1c-\x1f\x85]/.test(character) : stripped.includes(character);
    let start = 0;
    let end = all.length;
    if (atStart) while (start < end && isStripped(all[start]!)) start++;
    if (atEnd) while (end > start && isStripped(all[end - 1]!)) end--;
    return all.slice(start, end).join('');
  };

const justify =
  (left: (missing: number, width: number) => number) =>
  (self: string, width: Value, fill: Value): string => {
    const character = textArgument(fill);
    if ([...character].length !== 1) throw typeError('The fill character must be exactly one character long');
    const columns = wholeArgument(width);
    const missing = columns - characters(self).length;
    if (missing <= 0) return self;
    const before = left(missing, columns);
    return character.repeat(before) + self + character.repeat(missing - before);
  };

const replace = (self: string, old: Value, replacement: Value, count: Value): string => {
  const [from, to] = [textArgument(old), textArgument(replacement)];
  const limit = wholeArgument(count);
  if (limit < 0) return self.replaceAll(from, () => to);
  if (from === '') {
    const all = [...self, ''];
    return all.map((character, index) => (index < limit ? to : '') + character).join('');
  }
  const parts = self.split(from);
  if (parts.length - 1 <= limit) return parts.join(to);
  return [...parts.slice(0, limit), parts.slice(limit).join(from)].join(to);
};

const zeroFill = (self: string, width: Value): string => {
  const [sign, digits] = /^[-+]/.test(self) ? [self[0]!, self.slice(1)] : ['', self];
  return sign + digits.padStart(wholeArgument(width) - sign.length, '0');
};

const expandTabs = (self: string, tabsize: Value): string => {
  const size = wholeArgument(tabsize);
  let column = 0;
  let result = '';
  for (const character of self) {
    if (character === '\t') {
      const spaces = size > 0 ? size - (column % size) : 0;
      result += ' '.repeat(spaces);
      column += spaces;
    } else {
      result += character;
      column = character === '\n' || character === '\r' ? 0 : column + 1;
    }
  }
  return result;
};

const translate = (self: string, table: Value): string => {
  if (!(table instanceof Map)) throw typeError('the translation table has to be a dict');
  return Array.from(self, (character) => {
    const key = findKey(table, character.codePointAt(0)!);
    const found = key === undefined ? character : table.get(key)!;
    if (found === null) return '';
    if (typeof found === 'number') return String.fromCodePoint(found);
    if (typeof found !== 'string') throw typeError('character mapping must return integer, None or str');
    return found;
  }).join('');
};

const makeTranslation = (_self: string, from: Value, [to, removed]: Value[]): Value => {
  const table: Dict = new Map();
  if (from instanceof Map) {
    for (const [key, value] of from) table.set(typeof key === 'string' ? key.codePointAt(0)! : key, value);
    return table;
  }
  const [sources, targets] = [[...textArgument(from)], [...textArgument(to ?? null)]];
  if (sources.length !== targets.length) {
    throw valueError('the first two maketrans arguments must have equal length');
  }
  sources.forEach((source, index) => void table.set(source.codePointAt(0)!, targets[index]!.codePointAt(0)!));
  for (const character of typeof removed === 'string' ? removed : '') table.set(character.codePointAt(0)!, null);
  return table;
};

const encoded = (text: string, encoding: string, errors: string): Value | undefined => {
  try {
    return encode(text, encoding, errors);
  } catch (error) {
    throw error instanceof RangeError ? templateError('other', error.message) : error;
  }
};

const encodeText = (self: string, encoding: Value, errors: Value): Value => {
  const bytes = encoded(self, textArgument(encoding), textArgument(errors));
  if (bytes === undefined)
    throw templateError('value', `'${toText(encoding)}' codec can't encode all of the characters`);
  return bytes;
};

// Python's center puts the odd column left when the width is odd as well.
const centered = (missing: number, width: number): number => (missing >> 1) + (missing & width & 1);

/** Texts made longer, shorter or other. */
export const shapeMethods: readonly TextMethod[] = [
  ['center', 'width, fillchar=" "', justify(centered)],
  ['encode', 'encoding="utf-8", errors="strict"', encodeText],
  ['expandtabs', 'tabsize=8', expandTabs],
  ['format', '*args, **kwargs', (self, args: Value[], kwargs: Dict) => formatText(self, args, kwargs)],
  [
    'format_map',
    'mapping',
    (self, mapping: Value) => formatText(self, [], mapping instanceof Map ? mapping : new Map()),
  ],
  ['ljust', 'width, fillchar=" "', justify(() => 0)],
  ['lstrip', 'chars=None', strip(true, false)],
  ['maketrans', 'x, *rest', makeTranslation],
  [
    'removeprefix',
    'prefix',
    (self, prefix: Value) => (self.startsWith(textArgument(prefix)) ? self.slice(textArgument(prefix).length) : self),
  ],
  [
    'removesuffix',
    'suffix',
    (self, suffix: Value) =>
      suffix !== '' && self.endsWith(textArgument(suffix)) ? self.slice(0, -textArgument(suffix).length) : self,
  ],
  ['replace', 'old, new, count=-1', replace],
  ['rjust', 'width, fillchar=" "', justify((missing) => missing)],
  ['rstrip', 'chars=None', strip(false, true)],
  ['strip', 'chars=None', strip(true, true)],
  ['translate', 'table', translate],
  ['zfill', 'width', zeroFill],
];
