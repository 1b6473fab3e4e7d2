import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { startServer } from '../../test/support/http-server.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import rpmKey from './rpm_key.ts';

// Keeps what is imported in a folder, and tells it as rpm 4.18 does.
const rpm = `
echo "$*" >>"$FAKE/log"
case "$1" in
--import) grep -q BEGIN "$2" || { echo "error: $2: key 1 not an armored public key." >&2; exit 1; }; cp "$2" "$FAKE/keys/key";;
--erase) rm -f "$FAKE/keys/key";;
-q) [ -e "$FAKE/keys/key" ] || { echo 'package gpg-pubkey is not installed'; exit 1; }
  case "$*" in *--qf*) cat "$FAKE/keys/key";; *) echo gpg-pubkey-1;; esac;;
esac`;

let folder: string;
let host: ModuleHost;
let key: string;
let fingerprint: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-rpm-key-'));
  host = await openFakeHost(folder, { rpm });
  const home = join(folder, 'gnupg');
  await mkdir(home, { mode: 0o700 });
  const gpg = (...args: string[]) => promisify(execFile)('gpg', ['--homedir', home, '--batch', ...args]);
  await gpg('--passphrase', '', '--quick-gen-key', 'muster-test', 'ed25519', 'sign', 'never');
  key = (await gpg('--armor', '--export')).stdout;
  fingerprint = /^fpr:+([0-9A-F]+):/m.exec((await gpg('--with-colons', '--list-keys')).stdout)![1]!;
  await promisify(execFile)('gpgconf', ['--homedir', home, '--kill', 'all']);
  await writeFile(join(folder, 'key.asc'), key);
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await rm(join(folder, 'keys'), { recursive: true, force: true });
  await mkdir(join(folder, 'keys'));
});
const run = (args: object, options = {}) => host.run(rpmKey, { key: join(folder, 'key.asc'), ...args }, options);
const last = async () => (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n').at(-1);

describe('rpm_key, with real gpg', () => {
  it('imports a file once, removes it by its id, and predicts both', async () => {
    expect(await run({}, { check: true })).toEqual({ changed: true });
    expect(await run({})).toEqual({ changed: true });
    expect(await last()).toBe(`--import ${join(folder, 'key.asc')}`);
    expect(await run({})).toEqual({ changed: false });
    const id = fingerprint.slice(-8);
    expect(await run({ key: `0x${id}`, state: 'absent' }, { check: true })).toEqual({ changed: true });
    expect(await run({ key: id, state: 'absent' })).toEqual({ changed: true });
    expect(await last()).toBe(`--erase --allmatches gpg-pubkey-${id.toLowerCase()}`);
    expect(await run({ key: id, state: 'absent' })).toEqual({ changed: false });
  });

  it('downloads a key, and looks at its fingerprint', async () => {
    const server = await startServer((_request, response) => void response.end(key));
    try {
      const url = `${server.url}/key`;
      expect(await run({ key: url, fingerprint: 'ABCD 1234' })).toEqual({
        failed: true,
        msg: `The specified fingerprint, 'ABCD1234', does not match the key fingerprint '${fingerprint}'`,
      });
      expect(await run({ key: url, fingerprint: fingerprint.replace(/(.{4})/g, '$1 ').toLowerCase() })).toEqual({
        changed: true,
      });
      expect(await readFile(join(folder, 'keys/key'), 'utf8')).toBe(key);
    } finally {
      await server.close();
    }
  });

  it('says what is wrong', async () => {
    expect(await run({ key: '/no/such' })).toEqual({ failed: true, msg: 'Not a valid key /no/such' });
    expect(await run({ key: 'DEADBEEF' })).toEqual({
      failed: true,
      msg: 'When importing a key, a valid file must be given',
    });
    await writeFile(join(folder, 'no.asc'), 'nothing');
    expect(await run({ key: join(folder, 'no.asc') })).toMatchObject({
      failed: true,
      rc: 2,
      stderr: expect.stringMatching(/gpg/),
    });
  });
});
