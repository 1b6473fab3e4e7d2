import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { folderForEachTest } from '../../test/support/folders.ts';
import { codeFrame, didYouMean, formatError, SourceError } from './index.ts';

const directory = folderForEachTest('muster-errors-');

const at = (line: number, column: number) => ({ file: 'site.yml', line, column });

it('shows two lines around a place, with a caret below it', () => {
  expect(codeFrame(at(4, 3), 'a\nb\nc\n\tde\nf\ng\nh\n')).toBe(
    '  2 | b\n  3 | c\n> 4 |  de\n    |   ^\n  5 | f\n  6 | g',
  );
});

it('does not show what stands behind the last line end, but for a mistake there', () => {
  expect(codeFrame(at(1, 1), 'a\n')).toBe('> 1 | a\n    | ^');
  expect(codeFrame(at(2, 1), 'a\n')).toBe('  1 | a\n> 2 |\n    | ^');
});

it('shows nothing of an empty, missing or encrypted file', () => {
  const file = directory.at('secret.yml');
  writeFileSync(file, '$ANSIBLE_VAULT;1.1;AES256\n6162\n');
  expect(codeFrame({ file, line: 2, column: 1 })).toBe('');
  expect(codeFrame({ file: directory.at('gone.yml'), line: 1, column: 1 })).toBe('');
  expect(codeFrame(at(1, 1), '')).toBe('');
});

it('shows of a long line what stands around the column', () => {
  const line = `${'a'.repeat(500)}b${'c'.repeat(500)}`;
  const [shown, caret] = codeFrame(at(1, 501), line).split('\n') as [string, string];
  expect(shown).toMatch(/^> 1 \| …a+bc+…$/);
  expect(shown.length).toBeLessThan(200);
  expect(shown[caret.indexOf('^')]).toBe('b');
});

it('lets no control character of a file reach the terminal', () => {
  expect(codeFrame(at(1, 1), 'a\u001b[31mb\u0007\n')).toBe('> 1 | a\ufffd[31mb\ufffd\n    | ^');
});

it('tells all problems', () => {
  const error = new SourceError([
    { message: 'one', origin: at(1, 2), expected: 'this', hint: 'do that', source: 'x: y' },
    { message: 'two' },
  ]);
  expect(formatError(error)).toBe('one\n  at site.yml:1:2\n> 1 | x: y\n    |  ^\nexpected: this\nhint: do that\n\ntwo');
  expect(error.message).toBe('one\ntwo');
});

it('suggests what is near, and nothing far-fetched', () => {
  expect(didYouMean('wen', ['when', 'vars'])).toBe("did you mean 'when'?");
  expect(didYouMean('pnig', ['ping'])).toBe("did you mean 'ping'?");
  expect(didYouMean('Gather_fact', ['gather_facts'])).toBe("did you mean 'gather_facts'?");
  expect(didYouMean('bar', ['vars'])).toBeUndefined();
  expect(didYouMean('x', [])).toBeUndefined();
});
