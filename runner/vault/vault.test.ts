import { execFileSync } from 'node:child_process';
import { beforeEach, expect, test } from 'vitest';
import { folderForEachTest } from '../../test/support/folders.ts';
import { MusterError } from '../errors/index.ts';
import { Secrets } from '../events/secrets.ts';
import { formatForYaml, isVault, loadVaultSecrets, readEnvelope, VaultSecrets } from './index.ts';
import type { PasswordSources } from './passwords.ts';

const folder = folderForEachTest('muster-vault-test-');
let warnings: string[];
beforeEach(() => {
  warnings = [];
});

const load = (sources: Partial<PasswordSources>) =>
  loadVaultSecrets({
    ask: () => Promise.reject(new Error('nobody is to be asked')),
    warn: (message) => warnings.push(message),
    ...sources,
  });
const withPassword = (password: string, id = 'default') =>
  new VaultSecrets({ identities: [{ id, password: Buffer.from(password) }] });

// Made by ansible-vault with the password "sesame".
const recorded = `$ANSIBLE_VAULT;1.1;AES256
38336337363965396535613133633832393736363364306263303132646439626262393334353564
3735303035363434346262313438633663376137663739380a353464643034653361626334356362
37353334653564356163326662623564396365646365346631663139613331613337646139393031
3332616637643733360a623231633233306262336433656533343661623539623365383565353039
6334
`;

test('reads what ansible-vault wrote', () => {
  expect(withPassword('sesame').decryptText(recorded)).toBe('hello');
});

test('ansible-vault reads what is written here, with and without a label, text and bytes of any length', () => {
  for (const [id, plain] of [
    ['default', Buffer.from('x: 1\n')],
    ['prod', Buffer.from([0, 255, 10, 13, 128])],
    ['default', Buffer.alloc(0)],
    ['default', Buffer.alloc(4096, 'é')],
  ] as const) {
    const text = withPassword('pässword', id).encrypt(plain);
    const file = folder.write('secret.yml', text);
    const passwordFile = folder.write('pass', 'pässword\n');
    const out = execFileSync('ansible-vault', [
      'decrypt',
      '--vault-id',
      `${id}@${passwordFile}`,
      '--output',
      '-',
      file,
    ]);
    expect(out.equals(plain)).toBe(true);
    expect(withPassword('pässword').decryptFile(Buffer.from(text), file).equals(plain)).toBe(true);
  }
}, 30_000);

test('writes the label into version 1.2 and lines of 80 digits', () => {
  const text = withPassword('x', 'prod').encrypt(Buffer.alloc(200));
  const [header, ...lines] = text.trimEnd().split('\n');
  expect(header).toBe('$ANSIBLE_VAULT;1.2;AES256;prod');
  expect(lines.slice(0, -1).every((line) => line.length === 80)).toBe(true);
  expect(readEnvelope(text).id).toBe('prod');
  expect(formatForYaml(text, 'pass').split('\n').slice(0, 2)).toEqual([
    'pass: !vault |',
    '          $ANSIBLE_VAULT;1.2;AES256;prod',
  ]);
});

test('leaves files that are not encrypted alone', () => {
  const bytes = Buffer.from('x: 1\n');
  expect(withPassword('x').decryptFile(bytes, 'f')).toBe(bytes);
  expect(isVault(bytes)).toBe(false);
});

test('says what the first line should be like', () => {
  for (const header of ['$ANSIBLE_VAULT', '$ANSIBLE_VAULT;1.1']) {
    expect(() => withPassword('x').decryptText(`${header}\n6162\n`), header).toThrow(/the vault header is not valid/);
  }
  expect(() => withPassword('x').decryptText('1.1;AES256\n6162\n')).toThrow(/vault/);
});

test('tries every password, unless labels must match', () => {
  const text = withPassword('two', 'b').encrypt(Buffer.from('plain'));
  const identities = [
    { id: 'a', password: Buffer.from('one') },
    { id: 'c', password: Buffer.from('two') },
  ];
  expect(new VaultSecrets({ identities }).decryptText(text)).toBe('plain');
  expect(() => new VaultSecrets({ identities, matchIds: true }).decryptText(text)).toThrow(/Decryption failed/);
});

test('names the place and the passwords that were tried', () => {
  const text = withPassword('right').encrypt(Buffer.from('plain'));
  const origin = { file: 'vars.yml', line: 3, column: 8 };
  const failure = (work: () => unknown): MusterError => {
    try {
      work();
    } catch (error) {
      return error as MusterError;
    }
    throw new Error('it should have failed');
  };
  const wrong = failure(() => withPassword('wrong', 'prod').decryptText(text, origin));
  expect(wrong).toBeInstanceOf(MusterError);
  expect(wrong.problems[0]).toMatchObject({ origin, hint: 'tried the passwords of: prod' });
  expect(failure(() => new VaultSecrets().decryptText(text)).message).toMatch(/no vault secrets/);
  expect(failure(() => withPassword('x').decryptFile(Buffer.from(text), 'all.yml')).message).toMatch(/on all\.yml/);
  const damaged = failure(() => withPassword('x').decryptFile(Buffer.from('$ANSIBLE_VAULT;1.1;AES256\nzz'), 'all.yml'));
  expect(damaged.problems[0]?.origin?.file).toBe('all.yml');
  expect(failure(() => withPassword('x').decryptText('$ANSIBLE_VAULT;1.0;AES\n00')).message).toMatch(/AES cipher/);
});

test('remembers passwords and decrypted values as secrets', () => {
  const secrets = new Secrets();
  const vault = new VaultSecrets({ identities: [{ id: 'x', password: Buffer.from('p4ssw0rd') }], secrets });
  vault.decryptText(vault.encrypt(Buffer.from('hunter2')));
  expect(secrets.mask('p4ssw0rd hunter2')).toBe('******** ********');
});

test('gets passwords from files, scripts and client scripts', async () => {
  const file = folder.write('file', 'from-file\n\n');
  const script = folder.write('script.sh', '#!/bin/sh\necho "from-script $#"\n', 0o700);
  const client = folder.write('keys-client.sh', '#!/bin/sh\necho "from-client $1 $2"\n', 0o700);
  const vault = await load({ vaultIds: [`a@${script}`, `b@${client}`], passwordFiles: [file] });
  expect(vault.identities.map(({ id, password }) => [id, password.toString()])).toEqual([
    ['a', 'from-script 0'],
    ['b', 'from-client --vault-id b'],
    ['default', 'from-file'],
  ]);
});

test('decrypts a password file with a password that came before', async () => {
  const first = folder.write('first', 'one');
  const second = folder.write('second', withPassword('one').encrypt(Buffer.from('two\n')));
  const vault = await load({ vaultIds: [`a@${first}`, `b@${second}`] });
  expect(vault.identities[1]?.password.toString()).toBe('two');
});

test('asks as ansible-vault does', async () => {
  const asked: string[] = [];
  const ask = (prompt: string) => {
    asked.push(prompt);
    return Promise.resolve('answer');
  };
  await load({ vaultIds: ['dev@prompt'], askPassword: true, ask });
  await load({ alwaysAsk: true, isNew: true, ask });
  await load({ vaultIds: ['dev@prompt'], isNew: true, ask });
  expect(asked).toEqual([
    'Vault password (dev): ',
    'Vault password: ',
    'New Vault password: ',
    'Confirm New Vault password: ',
    'New vault password (dev): ',
    'Confirm new vault password (dev): ',
  ]);
  let count = 0;
  await expect(load({ alwaysAsk: true, isNew: true, ask: async () => `${count++}` })).rejects.toThrow(/do not match/);
});

test('warns of a password that cannot be had while there is another one, and fails when there is none', async () => {
  const failing = folder.write('failing.sh', '#!/bin/sh\nexit 3\n', 0o700);
  const unknown = folder.write('x-client', '#!/bin/sh\nexit 2\n', 0o700);
  const vault = await load({ vaultIds: [`a@${failing}`, `b@${unknown}`, `c@${folder.write('ok', 'fine')}`] });
  expect(vault.identities.map(({ id }) => id)).toEqual(['c']);
  expect(warnings.join('\n')).toMatch(/returned non-zero \(3\)/);
  expect(warnings.join('\n')).toMatch(/did not find a secret for vault-id=b/);
  await expect(load({ passwordFiles: [folder.at('missing')] })).rejects.toThrow(/was not found/);
  await expect(load({ passwordFiles: [folder.write('empty', '\n')] })).rejects.toThrow(/Invalid vault password/);
});
