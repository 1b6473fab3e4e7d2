import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { folderForEachTest } from '../../../../test/support/folders.ts';
import { isChecksumOf, parseSum, posixCrc } from './checksum.ts';
import { codecOf } from './encoding.ts';
import { folderOf, joinPath, nameOf, normalizePath, pathWord } from './paths.ts';
import { splitWords } from './words.ts';

const scratch = folderForEachTest('muster-cksum-');

describe('words of a command line', () => {
  // By Python's shlex.split.
  it.each<[string, string[]]>([
    ["a'b\"'\\$", ['ab"$']],
    ['"$\'"b', ["$'b"]],
    ['a$\\"a\t$$', ['a$"a', '$$']],
    ["\tb' 'b", ['b b']],
    [" \t\\'\t$ ", ["'", '$']],
    ["'\"\t'", ['"\t']],
    ['b\'\'"$\t"bb', ['b$\tbb']],
    [' \\ \\$$\t', [' $$']],
    ['a\\\t$', ['a\t$']],
    ['$"$"a\t', ['$$a']],
    ["a \\'$b", ['a', "'$b"]],
    ['\t$\\\t', ['$\t']],
    ['a \\$\\ $\t', ['a', '$ $']],
    ['\\b', ['b']],
  ])('%j are %j', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it('refuses quotes and backslashes that are left open', () => {
    expect(() => splitWords('a "b')).toThrow('No closing quotation');
    expect(() => splitWords('a \\')).toThrow('No escaped character');
  });
});

describe('paths', () => {
  // [first, second, normpath of first, join of both, dirname and basename of first], by Python's os.path.
  it.each<[string, string, string, string, string, string]>([
    ['.a.a.', '..bb', '.a.a.', '.a.a./..bb', '', '.a.a.'],
    ['..//', '', '..', '..//', '..', ''],
    ['.', 'bbb/', '.', './bbb/', '', '.'],
    ['...a..', 'b', '...a..', '...a../b', '', '...a..'],
    ['a./a/', '//b.', 'a./a', '//b.', 'a./a', ''],
    ['', 'b', '.', 'b', '', ''],
    ['', '/./', '.', '/./', '', ''],
    ['.aa/../.', 'b//', '.', '.aa/.././b//', '.aa/..', '.'],
    ['/.a/.', '//.b', '/.a', '//.b', '/.a', '.'],
    ['//..', '', '//', '//../', '//', '..'],
    ['a', './..', 'a', 'a/./..', '', 'a'],
    ['/a', 'b.b', '/a', '/a/b.b', '/', 'a'],
    ['./aa..//', 'b.b', 'aa..', './aa..//b.b', './aa..', ''],
    ['', '/', '.', '/', '', ''],
    ['', '', '.', '', '', ''],
    ['', '/', '.', '/', '', ''],
    ['.a/', 'b', '.a', '.a/b', '.a', ''],
    ['a/', '.', 'a', 'a/.', 'a', ''],
    ['.aa/a/.', '//', '.aa/a', '//', '.aa/a', '.'],
    ['a//.aa', '/.', 'a/.aa', '/.', 'a', '.aa'],
  ])('%j and %j', (first, second, normal, joined, folder, name) => {
    expect([normalizePath(first), joinPath(first, second), folderOf(first), nameOf(first)]).toEqual([
      normal,
      joined,
      folder,
      name,
    ]);
  });

  it('become shell words that expand ~ and variables only', () => {
    const expand = (path: string): string =>
      execFileSync('sh', ['-c', `m_p=${pathWord(path).text}; printf %s "$m_p"`], {
        env: { HOME: '/home/x', FOO: 'a b*' },
      }).toString();
    expect(expand('~/f')).toBe('/home/x/f');
    expect(expand('~root/f')).toBe('/root/f');
    expect(expand('~')).toBe('/home/x');
    expect(expand('/x/$FOO/${FOO}y')).toBe('/x/a b*/a b*y');
    for (const path of ['/$NONE/${NONE}', '/a\'b"c`id`$(id)', '/x~/*', '$1', '-rf', '~no such/x', '/a\nb']) {
      expect(expand(path)).toBe(path);
    }
  });
});

describe('checksums', () => {
  it('are read from any tool', () => {
    expect(parseSum('0123abcd  -\n')).toBe('0123abcd');
    expect(parseSum('\\0123abcd  a\\nb\n')).toBe('0123abcd');
    expect(parseSum('0123abcd *stdin\n')).toBe('0123abcd');
    expect(parseSum('cksum:4294967295 0\n')).toBe('cksum:4294967295 0');
  });

  it('of POSIX are those of cksum', () => {
    for (const size of [0, 1, 255, 256, 70_000]) {
      const bytes = randomBytes(size);
      scratch.write('f', bytes);
      const printed = execFileSync('sh', ['-c', `cksum <${scratch.path}/f`])
        .toString()
        .trim();
      expect(`${posixCrc(bytes)} ${size}`).toBe(printed);
      expect(isChecksumOf(`cksum:${printed}`, bytes)).toBe(true);
      expect(isChecksumOf(`cksum:${printed}`, Buffer.concat([bytes, Buffer.from('x')]))).toBe(false);
    }
  });
});

describe('encodings', () => {
  // Bytes as Python encodes them.
  it.each([
    ['utf-8', 'aé€', '61c3a9e282ac'],
    ['utf-8-sig', 'a', 'efbbbf61'],
    ['latin-1', 'aé', '61e9'],
    ['cp1252', 'é€', 'e980'],
    ['ISO-8859-2', 'ł', 'b3'],
    ['koi8-r', 'ж', 'd6'],
    ['shift_jis', 'あ', '82a0'],
    ['gbk', 'é', 'a8a6'],
    ['utf-16', 'a', 'fffe6100'],
    ['utf-16-be', 'a', '0061'],
  ])('%s: %s is %s', (encoding, text, hex) => {
    const codec = codecOf(encoding);
    expect(codec.encode(text).toString('hex')).toBe(hex);
    expect(codec.decode(Buffer.from(hex, 'hex'))).toBe(text);
  });

  it('refuse what they cannot hold', () => {
    expect(() => codecOf('ascii').encode('é')).toThrow("'ascii' codec can't encode character 'é'");
    expect(() => codecOf('ascii').decode(Buffer.from([0x80]))).toThrow("'ascii' codec can't decode");
    expect(() => codecOf('utf-8').decode(Buffer.from([0xff]))).toThrow("'utf-8' codec can't decode");
    expect(() => codecOf('cp1252').decode(Buffer.from([0x81]))).toThrow("'cp1252' codec can't decode");
    expect(() => codecOf('none')).toThrow('unknown encoding: none');
  });
});
