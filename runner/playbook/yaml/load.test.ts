import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { folderForEachTest } from '../../../test/support/folders.ts';
import { formatError, SourceError } from '../../errors/index.ts';
import { type Dict, Template, Tuple, toRepr, type Value, VaultText } from '../../values/index.ts';
import { keyOriginOf, loadYaml, loadYamlDocuments, loadYamlFile, originOf } from './index.ts';
import answers from './pyyaml-answers.json' with { type: 'json' };

const directory = folderForEachTest('muster-yaml-');

// Python's repr of loaded values, with cycles and templates as the recorded answers show them.
const show = (value: Value, around: Value[] = []): string => {
  if (around.includes(value)) return 'CYCLE';
  const inner = [...around, value];
  if (value instanceof Template) return toRepr(value.source);
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${show(key)}: ${show(item, inner)}`).join(', ')}}`;
  }
  if (value instanceof Tuple) return `(${value.map((item) => show(item)).join(', ')})`;
  if (Array.isArray(value)) return `[${value.map((item) => show(item, inner)).join(', ')}]`;
  if (value instanceof Set) return 'set';
  return toRepr(value);
};

const mistakeIn = (text: string, options = {}): SourceError => {
  try {
    loadYaml(text, 'test.yml', options);
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error(`no mistake was found in ${text}`);
};

it.each(answers as [string, string | null][])('reads %j as PyYAML does', (text, expected) => {
  let result: string | null;
  try {
    const documents = loadYamlDocuments(text, 'test.yml', { duplicateKeys: 'ignore' });
    result = documents.length > 1 ? null : show(documents[0] ?? null);
  } catch (error) {
    expect(error).toBeInstanceOf(SourceError);
    result = null;
  }
  expect(result).toBe(expected);
});

it('makes templates of values that need rendering, and only of those', () => {
  const value = loadYaml('a: x {{ b }}\nc: plain\n"{{ d }}": 1\ne: |\n  one\n  {% if x %}\n', 'vars.yml') as Dict;
  const template = value.get('a') as Template;
  expect(template).toBeInstanceOf(Template);
  expect(template.origin).toEqual({ file: 'vars.yml', line: 1, column: 4 });
  expect(value.get('c')).toBe('plain');
  expect(value.get('{{ d }}')).toBe(1);
  expect((value.get('e') as Template).origin).toEqual({ file: 'vars.yml', line: 5, column: 3 });
});

it('leaves everything below !unsafe as it is', () => {
  const value = loadYaml('a: !unsafe {b: ["{{ c }}", 5]}\nd: !unsafe "{{ e }}"\nf: !unsafe 5', 'vars.yml') as Dict;
  expect(show(value)).toBe("{'a': {'b': ['{{ c }}', 5]}, 'd': '{{ e }}', 'f': '5'}");
  expect((value.get('a') as Dict).get('b')).toEqual(['{{ c }}', 5]);
});

it('decrypts !vault values when they are read', () => {
  const text = 'a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  1234\n';
  const value = loadYaml(text, 'vars.yml', {
    decrypt: (ciphertext) => `plain of ${ciphertext.split('\n')[1]}`,
  }) as Dict;
  const vault = value.get('a') as VaultText;
  expect(vault).toBeInstanceOf(VaultText);
  expect(vault.decrypt()).toBe('plain of 1234');
  expect(() => (loadYaml(text, 'vars.yml') as Map<string, VaultText>).get('a')!.decrypt()).toThrow(/no vault password/);
});

it('tells where keys and values stand', () => {
  const value = loadYaml('- name: x\n  copy: {src: a,\n    dest: b}\n', 'tasks.yml') as Value[];
  const task = value[0] as Dict;
  expect(originOf(value, 0)).toEqual({ file: 'tasks.yml', line: 1, column: 3 });
  expect(keyOriginOf(task, 'copy')).toEqual({ file: 'tasks.yml', line: 2, column: 3 });
  expect(originOf(task.get('copy')!, 'dest')).toEqual({ file: 'tasks.yml', line: 3, column: 11 });
  expect(originOf(task)).toEqual({ file: 'tasks.yml', line: 1, column: 3 });
});

it('reads JSON files as JSON', () => {
  const value = loadYaml(
    '{"a": 1e3, "b": 1.0,\n\t"c": "\\ud83d\\ude00/\\/", "d": "{{ x }}", "e": [true, null]}',
    'v.json',
  );
  expect(show(value)).toBe("{'a': 1000.0, 'b': 1.0, 'c': '😀//', 'd': '{{ x }}', 'e': [True, None]}");
  expect(originOf(value, 'c')).toEqual({ file: 'v.json', line: 2, column: 7 });
});

it('warns of keys that occur twice, not of merged ones that are replaced', () => {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  loadYaml('a: &a {x: 1}\nb:\n  <<: *a\n  x: 2\n', 'vars.yml', { warn });
  expect(warnings).toEqual([]);
  expect(show(loadYaml('a: 1\na: 2\n', 'vars.yml', { warn }))).toBe("{'a': 2}");
  expect(warnings).toEqual(['found a duplicate dict key (a); the last one counts']);
  expect(mistakeIn('a: 1\na: 2', { duplicateKeys: 'error' }).problems[0]!.origin).toMatchObject({ line: 2 });
});

it.each([
  ['a: {{ b }}\n', 1, 5, 'quote a value that begins with an expression'],
  ['- {{ b }}\n', 1, 4, 'quote a value that begins with an expression'],
  ['a:\n\tb: c\n', 2, 1, 'tabs'],
  ['when: "ok" in x\n', 1, 12, 'must end with it'],
  ['a: b: c\n', 1, 5, "holds ': '"],
  ['- copy: src=a\n    dest: b\n', 2, 9, 'key=value on one line or a mapping'],
  ['a: @b\n', 1, 4, "begins with '@'"],
  ['a: "b\n', 1, 4, 'closing quote'],
  ['a: "\\d"\n', 1, 5, 'single quotes'],
  ['a: 1\nb:2\nc: 3\n', 2, 1, 'space behind the colon'],
  ['a: [b\nc: d\n', 2, 2, 'bracket is not closed'],
  ['a:\n  b: 1\n c: 2\n', 3, 2, 'same column'],
  ['a: - b\n', 1, 4, 'on the line of their key'],
  ['- a: 1\nb: 2\n', 2, 1, 'list begin with'],
  ['  a: 1\nb: 2\n', 2, 1, 'belongs to nothing above'],
  ['a: |\n \tb\n', 2, 2, 'indent with spaces'],
  ['a: "b" c: d\n', 1, 8, 'must end with it'],
  ['a: 1\n---\nb: 2\n', 2, 1, "leave out the '---'"],
])('explains the mistake in %j', (text, line, column, hint) => {
  const [problem] = mistakeIn(text).problems;
  expect(problem!.origin).toEqual({ file: 'test.yml', line, column });
  expect(problem!.hint).toContain(hint);
});

it('shows the line of a mistake, and none of an encrypted file', () => {
  const file = directory.at('vars.yml');
  writeFileSync(file, 'a: 1\nb: {{ c }}\n');
  expect(() => loadYamlFile(file)).toThrow(SourceError);
  try {
    loadYamlFile(file);
  } catch (error) {
    expect(formatError(error as SourceError)).toContain('> 2 | b: {{ c }}\n    |     ^');
  }
  writeFileSync(file, '$ANSIBLE_VAULT;1.1;AES256\n1234\n');
  expect(() => loadYamlFile(file)).toThrow(/no vault password/);
  const vault = { decryptText: () => '', decryptFile: () => Buffer.from('a: 1') };
  expect(show(loadYamlFile(file, { vault }))).toBe("{'a': 1}");
  writeFileSync(file, Buffer.from([0x61, 0x3a, 0x20, 0xff, 0x0a]));
  expect(() => loadYamlFile(file)).toThrow(/not UTF-8/);
  expect(() => loadYamlFile(directory.at('none.yml'))).toThrow(/no such file/);
});

it('reads a megabyte of variables', () => {
  const entry = (index: number) =>
    `var_${index}:\n  name: host${index}\n  path: "{{ base }}/x"\n  list: [1, 2, 'x']\n  text: |\n    some lines\n    of text\n`;
  const text = Array.from({ length: 11_000 }, (_, index) => entry(index)).join('');
  expect(text.length).toBeGreaterThan(1_000_000);
  expect((loadYaml(text, 'big.yml') as Dict).size).toBe(11_000);
});

it('refuses endless nesting by a message', () => {
  const texts = ['['.repeat(100_000), '[a: '.repeat(3000), '- '.repeat(3000), `${'['.repeat(3000)}${']'.repeat(3000)}`];
  for (const text of texts) expect(mistakeIn(text).message).toContain('nested too deeply');
  expect(mistakeIn(`{'a':${':'.repeat(20_000)}`).message).toContain('not allowed');
});

it('a file whose name says JSON is told what is wrong with its JSON', () => {
  expect(() => loadYaml('{ }}', 'v.json')).toThrow('JSON: Extra data: line 1 column 4 (char 3)');
  expect(loadYaml('{a: 1}', 'v.json')).toEqual(new Map([['a', 1]]));
});
