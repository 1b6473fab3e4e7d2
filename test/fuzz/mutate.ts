import type { Random } from './random.ts';

type Mutator = (text: string, random: Random, tokens: readonly string[]) => string;

const somewhere = (text: string, random: Random): number => random.below(text.length + 1);

const inserted = (text: string, at: number, piece: string): string => text.slice(0, at) + piece + text.slice(at);

/** What often is not thought of: controls, signs of every kind, other scripts, halves of characters, names of JavaScript's. */
const oddities = [
  ...[
    '\0',
    '\u0001',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\u202e',
    '\ud800',
    '\udc00',
    '😀',
  ],
  ...['\r', '\r\n', '\t', '\n', '\n\n', '\f', ' ', '    ', '\\', '\\n', '\\u0000', '\\x', '%', '%n', '$', '`'],
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '"',
    "'",
    '|',
    '>',
    '&',
    '*',
    '!',
    '@',
    '#',
    ':',
  ],
  ...[': ', '- ', '? ', '---', '...', '<<: ', '&a ', '*a', '!!python/object ', '!vault ', '!unsafe ', '~', 'null', '='],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__class__', 'valueOf', 'then'],
  ...[
    '0',
    '-1',
    '1e999',
    '0x',
    '0b1',
    '1_0',
    '.5',
    '9'.repeat(30),
    'NaN',
    '.inf',
    '2024-01-01',
    '12:30:45',
    'é',
    '漢字',
    'ı',
  ],
];

const repeats = [2, 3, 10, 100, 1000, 10_000];
const nests = [
  '[',
  '{',
  '(',
  '{{',
  '{% if a %}',
  '- ',
  '? ',
  '[[',
  "{'a':",
  '"',
  "'",
  'a.',
  'a|',
  '-',
  'not ',
  '\\',
  '*',
  '!a ',
  '- block:\n',
];

const mutators: readonly Mutator[] = [
  // One character becomes another.
  (text, random) => {
    const at = somewhere(text, random);
    const code = text.charCodeAt(at) || 32;
    return text.slice(0, at) + String.fromCharCode(code ^ (1 << random.below(8))) + text.slice(at + 1);
  },
  (text, random) => inserted(text, somewhere(text, random), random.pick(oddities)),
  (text, random, tokens) => inserted(text, somewhere(text, random), random.pick(tokens)),
  (text, random) => {
    const at = somewhere(text, random);
    return text.slice(0, at) + text.slice(at + 1 + random.below(12));
  },
  // Two words change places.
  (text, random) => {
    const words = text.split(/(\b)/);
    const [one, other] = [random.below(words.length), random.below(words.length)];
    [words[one], words[other]] = [words[other]!, words[one]!];
    return words.join('');
  },
  // A line is doubled, dropped, moved in or out, or put elsewhere.
  (text, random) => {
    const lines = text.split('\n');
    const [line = ''] = lines.splice(random.below(lines.length), 1);
    const changed = random.pick([`${line}\n${line}`, '', `  ${line}`, line.trimStart(), `\t${line}`, `- ${line}`]);
    lines.splice(random.below(lines.length + 1), 0, changed);
    return lines.join('\n');
  },
  // Something is nested deeply, or is very long.
  (text, random) => inserted(text, somewhere(text, random), random.pick(nests).repeat(random.pick(repeats))),
  (text, random) => inserted(text, somewhere(text, random), random.pick(oddities).repeat(random.pick(repeats))),
  (text, random) => {
    const at = somewhere(text, random);
    const piece = text.slice(at, at + 1 + random.below(20));
    return inserted(text, at, piece.repeat(random.pick(repeats.slice(0, 5))));
  },
  (text, random) => text.slice(0, somewhere(text, random)),
];

/** A text with some of what can go wrong with it; `tokens` are words that mean something where it is read. */
export const mutate = (text: string, random: Random, tokens: readonly string[]): string => {
  let changed = text;
  for (let count = 1 + random.below(4); count > 0; count--) {
    changed = random.pick(mutators)(changed, random, tokens);
    if (changed.length > longest) changed = changed.slice(0, longest);
  }
  return changed;
};

const longest = 60_000;
