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

test('remembers the secrets among variables, but no user names, paths and hosts', () => {
  const secrets = new Secrets();
  secrets.addAll(
    dict({
      db: dict({ password: 'hunter', user: 'postgres', port: 5432, host: 'db1.example.com', env: 'production' }),
      api_tokens: ['abcd-1234', 987654321],
      // As a file or a block of YAML gives it.
      mail_password: ' zebra7\n',
      url: new Template('postgres://app:s3cr3t@{{ host }}/db'),
      path: '/var/lib/app',
      other: 'Xk29$kd!20',
    }),
  );
  const text = 'zebra7 hunter postgres 5432 db1.example.com production abcd-1234 987654321 /var/lib/app Xk29$kd!20';
  expect(secrets.mask(text)).toBe(
    '******** ******** postgres 5432 db1.example.com production ******** ******** /var/lib/app ********',
  );
  expect(secrets.mask('postgres://app:s3cr3t@db1/db')).toBe('********db1/db');
});

test('remembers the secrets in the text of a file', () => {
  const secrets = new Secrets();
  secrets.addFile(`---
# a comment that is long enough
db_password: "correct horse"
users:
  - name: alice
    secret: x9z8
PASSWORD=tr0ub4dor
key: |
  MIIEpAIBAAKCAQEA7xyz
environment: production
`);
  expect(secrets.mask('correct horse, alice, x9z8, tr0ub4dor, MIIEpAIBAAKCAQEA7xyz, production, # a comment')).toBe(
    '********, alice, ********, ********, ********, production, # a comment',
  );
});

test('leaves the names of fields alone', () => {
  const secrets = new Secrets();
  secrets.add('message');
  expect(secrets.maskValue({ message: 'a message' })).toEqual({ message: 'a ********' });
});

test('handles many secrets quickly', () => {
  const secrets = new Secrets();
  for (let index = 0; index < 3000; index++) secrets.add(`secret-number-${index * 7919}`);
  const text = 'an ordinary line of output with some words in it\n'.repeat(5000);
  const start = performance.now();
  expect(secrets.mask(`${text}secret-number-7919`)).toBe(`${text}********`);
  expect(performance.now() - start).toBeLessThan(10_000);
});
