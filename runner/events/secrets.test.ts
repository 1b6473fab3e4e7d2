import { expect, test } from 'vitest';
import { dict, Template } from '../values/index.ts';
import { Secrets } from './secrets.ts';

test('masks a secret wherever it stands in a text', () => {
  const secrets = new Secrets();
  secrets.add('hunter2');
  expect(secrets.mask('the password is hunter2, hunter2!')).toBe('the password is ********, ********!');
  expect(secrets.mask('nothing here')).toBe('nothing here');
});

test('masks secrets added after a first use', () => {
  const secrets = new Secrets();
  secrets.add('first-one');
  expect(secrets.mask('second-one')).toBe('second-one');
  secrets.add('second-one');
  expect(secrets.mask('first-one second-one')).toBe('******** ********');
});

test('masks each line of a secret of several lines', () => {
  const secrets = new Secrets();
  secrets.add('-----BEGIN KEY-----\nAAAABBBBCCCC\nxy\n-----END KEY-----\n');
  expect(secrets.mask('  AAAABBBBCCCC  xy')).toBe('  ********  xy');
});

test('replaces a secret that holds another one as a whole', () => {
  const secrets = new Secrets();
  secrets.add('pass');
  secrets.add('passphrase');
  expect(secrets.mask('passphrase pass')).toBe('******** ********');
});

test('leaves what is too short or ordinary', () => {
  const secrets = new Secrets();
  secrets.add('abc');
  secrets.add('');
  secrets.add('true');
  expect(secrets.mask('abc true')).toBe('abc true');
  expect(secrets.size).toBe(0);
});

test('knows a secret with quotes inside JSON and inside shell quotes', () => {
  const secrets = new Secrets();
  secrets.add(`a"b'c$d`);
  expect(secrets.mask(JSON.stringify({ x: `a"b'c$d` }))).toBe('{"x":"********"}');
  expect(secrets.mask(`echo 'a"b'\\''c$d'`)).toBe("echo '********'");
});

test('masks texts, keys and numbers in JSON, and keeps the object when nothing is secret', () => {
  const secrets = new Secrets();
  secrets.add('12345678');
  secrets.add('hunter2');
  const clean = { a: [1, 'x'], b: { c: null } };
  expect(secrets.maskValue(clean)).toBe(clean);
  expect(secrets.maskValue({ hunter2: [12345678, { x: 'is hunter2' }], port: 1234 })).toEqual({
    '********': ['********', { x: 'is ********' }],
    port: 1234,
  });
});

test('remembers all texts of a value', () => {
  const secrets = new Secrets();
  secrets.addAll(
    dict({ a: 'hunter2', b: ['tok-1234', 5432, 987654321], c: new Template('postgres://app:s3cr3t@{{ host }}/db') }),
  );
  expect(secrets.mask('hunter2 tok-1234 5432 987654321')).toBe('******** ******** 5432 ********');
  expect(secrets.mask('postgres://app:s3cr3t@db1/db')).toBe('********db1/db');
});

test('handles many secrets quickly', () => {
  const secrets = new Secrets();
  for (let index = 0; index < 3000; index++) secrets.add(`secret-number-${index * 7919}`);
  const text = 'an ordinary line of output with some words in it\n'.repeat(5000);
  const start = performance.now();
  expect(secrets.mask(`${text}secret-number-7919`)).toBe(`${text}********`);
  expect(performance.now() - start).toBeLessThan(1000);
});
