import type { Value } from '../../../values/index.ts';
import type { Given } from '../../define.ts';

export type TextMethod = readonly [name: string, signature: string, run: (self: string, ...args: Given) => Value];

const cased = /[\p{Uppercase}\p{Lowercase}\p{Lt}]/u;

const lower = (text: string): string => text.toLowerCase();
const upper = (text: string): string => text.toUpperCase();

// The one character of these that has two letters begins with a capital in titles.
const digraphs = ['Ǆǅǆ', 'Ǉǈǉ', 'Ǌǋǌ', 'Ǳǲǳ'];

const firstUpper = (text: string): string => {
  const digraph = text === '' ? undefined : digraphs.find((forms) => forms.includes(text));
  if (digraph !== undefined) return digraph[1]!;
  const [first = '', ...rest] = upper(text);
  // Of a ligature's letters (ß, ﬁ) only the first is a capital.
  return cased.test(first) ? first + lower(rest.join('')) : first + rest.join('');
};

/** Python's str.title(): a letter after anything that is not one is a capital. */
export const titleCase = (text: string): string => {
  let result = '';
  let isInside = false;
  for (const character of text) {
    result += isInside ? lower(character) : firstUpper(character);
    isInside = cased.test(character);
  }
  return result;
};

/** Python's str.capitalize(). */
export const capitalize = (text: string): string => {
  const [first = '', ...rest] = text;
  return firstUpper(first) + lower(rest.join(''));
};

// Letters that are capitals in titles only stay.
const swapCase = (text: string): string =>
  text.replace(/\p{Uppercase}|\p{Lowercase}/gu, (character) =>
    /\p{Uppercase}/u.test(character) ? lower(character) : upper(character),
  );

const every = (text: string, pattern: RegExp): boolean => text !== '' && [...text].every((item) => pattern.test(item));

const isTitle = (text: string): boolean => cased.test(text) && titleCase(text) === text;

const hasCased = (text: string): boolean => [...text].some((character) => cased.test(character));

/** What is upper or lower case, and what characters a text consists of. */
export const caseMethods: readonly TextMethod[] = [
  ['capitalize', '', capitalize],
  ['casefold', '', (self) => lower(self).replaceAll('ß', 'ss').replaceAll('ς', 'σ')],
  ['lower', '', lower],
  ['swapcase', '', swapCase],
  ['title', '', titleCase],
  ['upper', '', upper],
  ['isalnum', '', (self) => every(self, /[\p{L}\p{Nd}\p{No}\p{Nl}]/u)],
  ['isalpha', '', (self) => every(self, /\p{L}/u)],
  ['isascii', '', (self) => /^[\x00-\x7f]*$/.test(self)],
  ['isdecimal', '', (self) => every(self, /\p{Nd}/u)],
  ['isdigit', '', (self) => every(self, /[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468]/u)],
  ['isidentifier', '', (self) => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(self)],
  ['islower', '', (self) => hasCased(self) && self === lower(self)],
  ['isnumeric', '', (self) => every(self, /\p{N}/u)],
  ['isprintable', '', (self) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(self)],
  ['isspace', '', (self) => every(self, /[\s\x1c-\x1f\x85]/)],
  ['istitle', '', isTitle],
  ['isupper', '', (self) => hasCased(self) && self === upper(self)],
];
