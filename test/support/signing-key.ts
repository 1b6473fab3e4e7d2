import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An OpenPGP key that signs repositories. */
export interface SigningKey {
  /** Its public half, in ASCII. */
  readonly armored: string;
  /** Its fingerprint. */
  readonly id: string;
  /** A text with its signature around it, as in `InRelease`. */
  sign(text: string): string;
  close(): void;
}

/** Makes a key; needs `gpg`. */
export const makeSigningKey = (): SigningKey => {
  const home = mkdtempSync(join(tmpdir(), 'muster-gpg-'));
  const gpg = (args: readonly string[], input = ''): string =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', ...args], { input, stdio: 'pipe' }).toString();
  gpg(['--passphrase', '', '--quick-gen-key', 'Test <test@example.org>', 'ed25519', 'sign', 'never']);
  return {
    armored: gpg(['--armor', '--export']),
    id: /^fpr:+(\w+):/m.exec(gpg(['--with-colons', '--list-keys']))![1]!,
    sign: (text) => gpg(['--clearsign'], text),
    close: () => {
      execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
      rmSync(home, { recursive: true, force: true });
    },
  };
};
