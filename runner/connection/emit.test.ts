import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { emit } from './emit.ts';

/** Runs what `emit` gives in a shell that has only these programs. */
const run = (content: Buffer, path: string, shell = ['/bin/dash']): Buffer => {
  const script = emit(content);
  const functions = [...script.functions].map(({ name, body }) => `${name}() {\n${body}\n}\n`).join('');
  const [program, ...args] = shell as [string, ...string[]];
  return execFileSync(program, [...args], {
    input: `${functions}${script.text}\n`,
    env: { PATH: path },
    maxBuffer: 1 << 24,
  });
};

test.each([1, 2, 3, 1023, 1024, 1025, 1026, 5000])('%i bytes without any decoder on the target', (size) => {
  for (const shell of [['/bin/dash'], ['/bin/bash'], ['/bin/busybox', 'ash']]) {
    // The busybox of this machine has base64 built in, and uses it whatever the PATH.
    const bytes = randomBytes(size);
    expect(run(bytes, '/nonexistent', shell).equals(bytes)).toBe(true);
  }
});

test('binary content travels at little more than its own size', () => {
  const bytes = randomBytes(60_000);
  expect(emit(bytes).text.length).toBeLessThan(bytes.length * 1.4);
  expect(run(bytes, '/usr/bin:/bin').equals(bytes)).toBe(true);
});

test('text stays text', () => {
  expect(emit('one two\n').text).toBe("printf %s 'one two\n'");
  const text = 'äöü €\n';
  expect(emit(Buffer.from(text)).text).toBe(`printf %s '${text}'`);
  expect(run(Buffer.from(text), '/nonexistent').toString()).toBe(text);
});
