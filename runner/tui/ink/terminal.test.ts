import { expect, test } from 'vitest';
import { editorCommand } from './editor.ts';
import { FrameWriter } from './frame-writer.ts';

test.each([
  ['vim', 'a.yml:3:7', ['vim', '+3', 'a.yml']],
  ['nano -w', 'a.yml:3', ['nano', '-w', '+3', 'a.yml']],
  ['/usr/bin/code --wait', 'a b.yml:3', ['/usr/bin/code', '--wait', '--goto', 'a b.yml:3']],
  ['hx', 'a.yml:3', ['hx', 'a.yml:3']],
  ['', 'a.yml', ['vi', 'a.yml']],
])('calls the editor %j for %s', (EDITOR, place, words) => {
  expect(editorCommand(place, { EDITOR })).toEqual(words);
});

test('prefers VISUAL', () => {
  expect(editorCommand('a', { VISUAL: 'emacs', EDITOR: 'vi' })).toEqual(['emacs', 'a']);
});

test('writes the lines of a frame that have changed, each to its place', () => {
  const written: string[] = [];
  const writer = new FrameWriter({ write: (text: string) => written.push(text) > 0, columns: 80, rows: 24 } as never);
  writer.write('one\ntwo\nthree');
  writer.write('one\n2\nthree');
  writer.write('one\n2\nthree');
  expect(written).toHaveLength(2);
  expect(written[0]).toContain('\x1b[2J');
  expect(written[1]).toBe('\x1b[?2026h\x1b[2;1H\x1b[0m2\x1b[K\x1b[?2026l');
  writer.forget();
  writer.write('one\n2\nthree');
  expect(written[2]).toContain('\x1b[2J');
  writer.close();
  writer.write('late');
  expect(written).toHaveLength(3);
});
