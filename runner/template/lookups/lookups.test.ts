import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderForAllTests } from '../../../test/support/folders.ts';
import { Template, type Value } from '../../values/index.ts';
import { VaultSecrets } from '../../vault/index.ts';
import { filters } from '../filters/index.ts';
import { Templar } from '../index.ts';
import { tests } from '../tests/index.ts';
import { lookups } from './index.ts';

const folder = folderForAllTests('muster-lookups-');
const vault = new VaultSecrets({ identities: [{ id: 'default', password: Buffer.from('pw') }] });
const templar = new Templar({
  filters,
  tests,
  lookups,
  decrypt: (ciphertext) => vault.decrypt(ciphertext.toString()).plain,
  baseDirectory: folder.path,
  setting: (name) => (name === 'DEFAULT_FORKS' ? 5 : undefined),
});

const evaluate = (expression: string, variables: Record<string, Value> = {}): Value =>
  templar.render(new Template(`{{ ${expression} }}`), {
    get: (name) => variables[name],
    names: () => Object.keys(variables),
    rendered: new Map(),
  });

// Lookups wait for their answer, so the server cannot be in this process.
const serverScript = `
const server = require('node:http').createServer((request, reply) => {
  if (request.url === '/moved') return reply.writeHead(302, { location: '/lines' }).end();
  if (request.url === '/missing') return reply.writeHead(404).end('no');
  if (request.url === '/echo') return reply.end(JSON.stringify(request.headers));
  reply.end('one\\ntwo\\n');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;
let server: ChildProcess;
let address = '';

beforeAll(async () => {
  folder.write('files/tree/a.txt', 'a', 0o644);
  folder.write('files/tree/sub/b.txt', 'bb', 0o640);
  chmodSync(folder.at('files/tree/sub'), 0o755);
  folder.write('files/secret.txt', vault.encrypt(Buffer.from('hidden\n')));
  server = spawn(process.execPath, ['-e', serverScript], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((resolve) =>
    server.stdout!.once('data', (data: Buffer) => resolve(String(data).trim())),
  );
  address = `http://127.0.0.1:${port}`;
});

afterAll(() => server.kill());

test('password makes a password once, and gives it back', () => {
  const made = evaluate("lookup('password', 'creds/db length=12 chars=ascii_lowercase,digits')");
  expect(made).toMatch(/^[a-z0-9]{12}$/);
  expect(readFileSync(folder.at('creds/db'), 'utf8')).toBe(`${made}\n`);
  expect(statSync(folder.at('creds/db')).mode & 0o777).toBe(0o600);
  expect(statSync(folder.at('creds')).mode & 0o777).toBe(0o700);
  expect(evaluate("lookup('password', 'creds/db')")).toBe(made);
});

test('password keeps the salt of a hash', () => {
  const hash = evaluate("lookup('password', 'creds/user', encrypt='md5_crypt')");
  expect(hash).toMatch(/^\$1\$[./0-9A-Za-z]{8}\$[./0-9A-Za-z]{22}$/);
  const salt = (hash as string).split('$')[2];
  expect(readFileSync(folder.at('creds/user'), 'utf8')).toMatch(/^\S{20} salt=\S{8}\n$/);
  expect(readFileSync(folder.at('creds/user'), 'utf8')).toContain(`salt=${salt}\n`);
  expect(evaluate("lookup('password', 'creds/user', encrypt='md5_crypt')")).toBe(hash);
});

test('url gives lines, or the whole, and follows redirects', () => {
  expect(evaluate(`query('url', '${address}/moved')`)).toEqual(['one', 'two']);
  expect(evaluate(`lookup('url', '${address}/lines', split_lines=False)`)).toBe('one\ntwo\n');
});

test('url sends headers and a login', () => {
  const sent = evaluate(
    `lookup('url', '${address}/echo', headers={'X-Test': 'yes'}, username='u', password='p') | from_json`,
  ) as Map<Value, Value>;
  expect(sent.get('x-test')).toBe('yes');
  expect(sent.get('authorization')).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
  expect(sent.get('user-agent')).toBe('ansible-httpget');
});

test('url names what went wrong', () => {
  expect(() => evaluate(`lookup('url', '${address}/missing')`)).toThrow('HTTP Error 404');
  expect(() => evaluate("lookup('url', 'http://127.0.0.1:1/')")).toThrow('Failed lookup url for http://127.0.0.1:1/');
});

test('encrypted files are decrypted', () => {
  expect(evaluate("lookup('file', 'secret.txt')")).toBe('hidden');
  expect(evaluate("lookup('unvault', 'secret.txt')")).toBe('hidden\n');
});

test('a file that is not there is named, with the places that were searched', () => {
  expect(() => evaluate("lookup('file', 'nope.txt')")).toThrow('could not locate file in lookup: nope.txt');
});

test('filetree lists what is below a folder', () => {
  const entries = evaluate("query('filetree', 'tree/')") as Map<Value, Value>[];
  expect(entries.map((entry) => [entry.get('path'), entry.get('state'), entry.get('mode')])).toEqual([
    ['sub', 'directory', '0755'],
    ['a.txt', 'file', '0644'],
    ['sub/b.txt', 'file', '0640'],
  ]);
});

test('first_found and fileglob give whole paths', () => {
  expect(evaluate("lookup('first_found', ['nope', 'tree/a.txt'])")).toBe(folder.at('files/tree/a.txt'));
  expect(evaluate("query('fileglob', 'tree/*.txt')")).toEqual([folder.at('files/tree/a.txt')]);
});

test('pipe runs in the folder of the playbook', () => {
  expect(evaluate("lookup('pipe', 'pwd -P')")).toBe(folder.path);
});

test('config gives settings', () => {
  expect(evaluate("lookup('config', 'DEFAULT_FORKS') == 5")).toBe(true);
  expect(() => evaluate("lookup('config', 'NOPE')")).toThrow('Unable to find setting NOPE');
  expect(evaluate("query('config', 'NOPE', on_missing='skip')")).toEqual([]);
});

test('random names and texts have the shape that was asked for', () => {
  expect(evaluate("lookup('community.general.random_pet', words=3, separator='_', prefix='x')")).toMatch(
    /^x_[a-z]+_[a-z]+_[a-z]+$/,
  );
  expect(evaluate("lookup('community.general.random_string', length=6, special=False, min_numeric=6)")).toMatch(
    /^\d{6}$/,
  );
});
