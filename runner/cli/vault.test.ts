import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { folderForEachTest } from '../../test/support/folders.ts';
import { vault } from './vault.ts';

const folder = folderForEachTest('muster-vault-command-');
let output: string;
beforeEach(() => {
  vi.stubEnv('ANSIBLE_CONFIG', folder.at('none.cfg'));
  folder.write('one', 'first password\n');
  folder.write('two', 'second password\n');
  output = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    output += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const read = (name: string) => readFileSync(folder.at(name), 'utf8');
const ansibleVault = (...args: string[]): string =>
  execFileSync('ansible-vault', args, { encoding: 'utf8', stdio: 'pipe' });
const one = ['--vault-password-file', ''];
beforeEach(() => {
  one[1] = folder.at('one');
});

test('encrypts in place what ansible-vault decrypts, and the other way round', async () => {
  const file = folder.write('vars.yml', 'a: 1\n', 0o644);
  await vault(['encrypt', ...one, file]);
  expect(read('vars.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  ansibleVault('decrypt', ...one, file);
  expect(read('vars.yml')).toBe('a: 1\n');
  ansibleVault('encrypt', '--vault-id', `dev@${folder.at('one')}`, file);
  await vault(['decrypt', ...one, file]);
  expect(read('vars.yml')).toBe('a: 1\n');
}, 20_000);

test('writes to --output and leaves the source', async () => {
  const file = folder.write('vars.yml', Buffer.from([0, 1, 0xff]));
  await vault(['encrypt', ...one, '--output', folder.at('out'), file]);
  await vault(['decrypt', ...one, '--output', folder.at('back'), folder.at('out')]);
  expect(readFileSync(folder.at('back'))).toEqual(readFileSync(file));
  await expect(vault(['encrypt', ...one, '--output', folder.at('x'), file, folder.at('out')])).rejects.toThrow(
    /At most one/,
  );
  await expect(vault(['encrypt', ...one, folder.at('out')])).rejects.toThrow(/already encrypted/);
});

test('reads stdin and writes stdout', () => {
  const program = ['--import', 'tsx', join(import.meta.dirname, 'main.ts'), 'vault'];
  const pipe = (words: readonly string[], input: string): string =>
    execFileSync(process.execPath, [...program, ...words, ...one], { input, encoding: 'utf8', stdio: 'pipe' });
  const encrypted = pipe(['encrypt', '--output', '-'], 'a: 1\n');
  expect(encrypted).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n/);
  expect(ansibleVault('view', ...one, folder.write('piped.yml', encrypted))).toBe('a: 1\n');
  expect(pipe(['decrypt'], encrypted)).toBe('a: 1\n');
});

test('needs to be told which of several passwords encrypts', async () => {
  const file = folder.write('vars.yml', 'a: 1\n');
  const both = ['--vault-id', `dev@${folder.at('one')}`, '--vault-id', `prod@${folder.at('two')}`];
  await expect(vault(['encrypt', ...both, file])).rejects.toThrow(/dev,prod are available/);
  await vault(['encrypt', ...both, '--encrypt-vault-id', 'prod', file]);
  expect(read('vars.yml')).toMatch(/AES256;prod\n/);
  await expect(vault(['view', ...one, file])).rejects.toThrow(/Decryption failed/);
});

test('encrypts texts to YAML values that Ansible reads', async () => {
  const args = ['encrypt_string', ...one, '--output', folder.at('out.yml'), '-n', 'pass', 'hunter2'];
  await vault(args);
  expect(read('out.yml')).toMatch(/^pass: !vault \|\n {10}\$ANSIBLE_VAULT;1\.1;AES256\n {10}[0-9a-f]{80}\n/);
  const shown = execFileSync(
    'ansible',
    ['localhost', ...one, '-e', `@${folder.at('out.yml')}`, '-m', 'debug', '-a', 'var=pass'],
    { encoding: 'utf8', stdio: 'pipe' },
  );
  expect(shown).toContain('"pass": "hunter2"');
}, 20_000);

test('rekeys, keeping owner and mode', async () => {
  const file = folder.write('vars.yml', 'a: 1\n');
  await vault(['encrypt', ...one, file]);
  chmodSync(file, 0o640);
  await vault(['rekey', ...one, '--new-vault-id', `new@${folder.at('two')}`, file]);
  expect(read('vars.yml')).toMatch(/AES256;new\n/);
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(ansibleVault('view', '--vault-id', folder.at('two'), file)).toBe('a: 1\n');
}, 20_000);

test('edits in the editor, and leaves an unchanged file alone', async () => {
  const file = folder.write('vars.yml', 'a: 1\n');
  await vault(['encrypt', '--vault-id', `dev@${folder.at('one')}`, file]);
  const before = read('vars.yml');
  vi.stubEnv('EDITOR', 'true');
  await vault(['edit', ...one, file]);
  expect(read('vars.yml')).toBe(before);
  const editor = folder.write('editor.sh', '#!/bin/sh\necho "b: $1" >> "$2"\n', 0o700);
  vi.stubEnv('EDITOR', `${editor} 2`);
  await vault(['edit', ...one, file]);
  await vault(['decrypt', ...one, '--output', folder.at('plain'), file]);
  expect(read('plain')).toBe('a: 1\nb: 2\n');
  expect(read('vars.yml')).toMatch(/AES256;dev\n/);
  vi.stubEnv('EDITOR', 'no-such-editor');
  await expect(vault(['edit', ...one, file])).rejects.toThrow(/Unable to execute the editor/);
});

test('creates a new file in the editor, but never over an old one', async () => {
  vi.stubEnv('EDITOR', folder.write('editor.sh', '#!/bin/sh\necho "c: 3" > "$1"\n', 0o700));
  await vault(['create', ...one, folder.at('deep/new.yml')]);
  await vault(['decrypt', ...one, '--output', folder.at('plain'), folder.at('deep/new.yml')]);
  expect(read('plain')).toBe('c: 3\n');
  await expect(vault(['create', ...one, folder.at('deep/new.yml')])).rejects.toThrow(/exists/);
});

test('takes the passwords of the configuration', async () => {
  const file = folder.write('vars.yml', 'a: 1\n');
  folder.write('ansible.cfg', `[defaults]\nvault_password_file = one\n`);
  vi.stubEnv('ANSIBLE_CONFIG', folder.at('ansible.cfg'));
  await vault(['encrypt', file]);
  await vault(['decrypt', '--output', folder.at('plain'), file]);
  expect(read('plain')).toBe('a: 1\n');
  expect(output).toBe('');
});
