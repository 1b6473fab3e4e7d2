import { expect, test } from 'vitest';
import { columnLines } from './columns.ts';
import { fitLine, fitLines, fitText, widthOf } from './fit-line.ts';
import { type Line, lineOf, span, textOfLine } from './line.ts';
import { paintLine } from './paint.ts';

test.each([
  ['short', 'short     '],
  ['exactly 10', 'exactly 10'],
  ['longer than ten', 'longer ...'],
  ['日本語の長い文', '日本語... '],
  ['a\tb\nc', 'a    b c  '],
  ['\u001b[31mred\u001b[0m\u0007', 'red       '],
])('fits %j into ten columns', (text, fitted) => {
  expect(fitText(text, 10)).toBe(fitted);
  expect(widthOf(fitText(text, 10))).toBe(10);
});

test('fits lines of several pieces, cutting the one that reaches over the end', () => {
  const line: Line = [span('one ', 'ok'), span('two three'), span('four')];
  expect(textOfLine(fitLine(line, 8))).toBe('one t...');
  expect(textOfLine(fitLine(line, 20))).toBe('one two threefour   ');
  expect(textOfLine(fitLine(line, 0))).toBe('');
  expect(fitLines([line], 5, 3).map(textOfLine)).toEqual(['one .', '     ', '     ']);
});

test('never lets anything of a piece out that could move the cursor', () => {
  const line = fitLine([span('a\u001b[2Jb'), span('\u009b31mc'), span('\u202ed\r')], 12);
  expect(textOfLine(line)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('paints by meaning, and without color only what is bold or under the cursor', () => {
  const line: Line = [span('ok ', 'ok'), span('bad', 'failed'), span(' x', 'plain', true), span('   ')];
  expect(paintLine(line, true)).toBe('\x1b[32mok \x1b[0m\x1b[1;31mbad\x1b[0m\x1b[7m x\x1b[0m');
  expect(paintLine(line, false)).toBe('ok \x1b[1mbad\x1b[0m\x1b[7m x\x1b[0m');
});

test('lays rows out in columns as wide as they need', () => {
  const rows = [
    { name: 'a', size: 5 },
    { name: 'long name', size: 1234 },
  ];
  const columns = [
    { title: 'NAME', text: ({ name }: { name: string }) => name, grows: true },
    { title: 'SIZE', text: ({ size }: { size: number }) => String(size), align: 'right' as const },
    { title: 'ELSE', text: () => 'x', from: 100 },
  ];
  expect(columnLines(columns, rows, 24, 1).map(textOfLine)).toEqual([
    '  NAME              SIZE',
    '  a                    5',
    '> long name         1234',
  ]);
  expect(textOfLine(fitLine(lineOf('x'), 3))).toBe('x  ');
});
