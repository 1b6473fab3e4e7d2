import { expect, test } from 'vitest';
import { Template, type Value } from '../../values/index.ts';
import { Builder } from './builder.ts';
import { Composer } from './composer.ts';
import { originsOf } from './origins.ts';
import { readPlainBlocks } from './plain-blocks.ts';
import { SourceText } from './source-text.ts';

/** A value with all that is known of its places, to be compared. */
const inFull = (value: Value): unknown => {
  const places = originsOf(value);
  const own = places && { self: places.self, keys: [...places.keys], values: [...places.values] };
  if (value instanceof Map) return { entries: [...value].map(([key, item]) => [key, inFull(item)]), own };
  if (Array.isArray(value)) return { items: value.map(inFull), own };
  return value instanceof Template ? { source: value.source, origin: value.origin } : value;
};

const readPlain = (text: string): { readonly value: Value } | undefined => {
  const source = new SourceText(text, 'f.yml');
  return readPlainBlocks(source, new Builder(source, {}));
};

const readWhole = (text: string): unknown => {
  try {
    const documents = [...new Composer(new SourceText(text, 'f.yml'), {}).documents()];
    return documents.length > 1 ? 'more than one' : inFull(documents[0]?.value ?? null);
  } catch (error) {
    return error;
  }
};

const sample = `---
# The first comment
name: web
count: 3
ratio: 0.5
enabled: yes
nothing:
empty: ''
listen: "0.0.0.0:80"
greeting: hello {{ name }}, you are {{ count }} # not part of it
url: http://example.org/a:b#c
negative: -5
date: 2020-01-31
hosts:
- a
- b
groups:
  - name: one
    members:
      - x
      - y: 1
        z:

  - name: two
    deep:
      - - 1
        - 2
      -
        - 3
  # a comment further in
after: ~
children:
    even:
        more: on
flow: {name: web, list: [a, "b c", 'd', -1, 0x1f, yes, ~], deep: {x: {y: [[], {}]}, }, url: http://a.b/c:d} # said
items:
  - [1, 2,  3 ]
  - {path: "{{ place }}/d", mode: "0755", time: 1:30}
  - { }
  - {content: "number 1\\n", name: 'it''s'}
quotes: 'it''s' # said
escapes: "a\\tb \\\\ \\"c\\"\\n"
script: |
  first

    further in
  # not a comment
  last {{ one }}  

folded: >-
  one
  two

  three
after_texts:
  - |

    begins with an empty line
  - >
    a
    b
last: text that has  two blanks
end: |
  ends with the file`;

test('reads plain documents as the whole grammar does', () => {
  const plain = readPlain(sample);
  expect(plain).toBeDefined();
  expect(inFull(plain!.value)).toEqual(readWhole(sample));
});

test.each([
  'a: [1',
  'a: [1,\n 2]',
  'a: [1] 2',
  'a: [1,,2]',
  'a: [b: c]',
  'a: {b}',
  'a: {b: }',
  'a: {b:c}',
  'a: {{ b }}',
  'a: {b: c}: d',
  'a: [b] #c\n  d',
  'a: {b: 1, b: 2}',
  'a: [x #y]',
  'a: &x 1',
  'a: !vault x',
  'a: |\ntext',
  'a: |2\n  text',
  'a: |+\n  text',
  'a: | # c\n  text',
  'a: |\n   text\n  less',
  'a: |\n     \n  text',
  'a: >\n  one\n    two',
  'a: |',
  'a: one\n  two',
  'a: "b\\x41"',
  'a: "b" c',
  'a: b: c',
  'a:\tb',
  'a: 1\na: 2',
  '- a\nb: c',
  'a: b\n...\n',
  '--- a',
  '%YAML 1.1\n---\na: b',
  '? a\n: b',
  '<<: a',
  'a:\n - b\n  - c',
  'text',
  '',
])('leaves %j to the whole grammar', (text) => {
  expect(readPlain(text)).toBeUndefined();
});

test('agrees with the whole grammar wherever it reads a text at all', () => {
  const pieces = [
    ' ',
    '  ',
    '\n',
    '- ',
    ': ',
    ':',
    '#',
    ' # c',
    '"',
    "'",
    'a',
    'k: v',
    '-',
    '\n\n',
    '---\n',
    '{',
    '\n  # c\n',
    '1',
    '?',
    '[',
    ']',
    '}',
    ', ',
    '|',
    '\n    ',
  ];
  let state = 20;
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
  let read = 0;
  for (let count = 0; count < 600; count++) {
    const at = random(sample.length);
    const text = sample.slice(0, at) + pieces[random(pieces.length)] + sample.slice(at + random(4));
    const plain = readPlain(text);
    if (!plain) continue;
    read++;
    expect({ text, is: inFull(plain.value) }).toEqual({ text, is: readWhole(text) });
  }
  expect(read).toBeGreaterThan(120);
});
