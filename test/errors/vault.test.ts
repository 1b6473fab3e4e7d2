import { describe, expect, it } from 'vitest';
import { encryptAes256 } from '../../runner/vault/aes256.ts';
import { expectNoTrace, expectRefusal, openProject, play } from './project.ts';

/** A text as a vault file. */
const sealed = (text: string, password: string): string =>
  `$ANSIBLE_VAULT;1.1;AES256\n${encryptAes256(Buffer.from(text), Buffer.from(password))
    .match(/.{1,80}/g)!
    .join('\n')}\n`;

const site = play('    - debug: {msg: "{{ secret }}"}\n', '  vars_files: [secret.yml]\n');

describe('an encrypted file', () => {
  it('is refused without a password', async () => {
    const project = openProject({ 'site.yml': site, 'secret.yml': sealed('secret: hush\n', 'right') });
    expectRefusal(await project.run('site.yml'), 1, {
      message: 'Attempting to decrypt but no vault secrets found on secret.yml',
      hint: 'give the password with --ask-vault-pass, --vault-password-file FILE or --vault-id LABEL@FILE',
    });
  });

  it('is refused with the wrong password', async () => {
    const project = openProject({
      'site.yml': site,
      'secret.yml': sealed('secret: hush\n', 'right'),
      password: 'wrong\n',
    });
    const outcome = await project.run('site.yml', '--vault-password-file', 'password');
    expectRefusal(outcome, 1, {
      message: 'Decryption failed (no vault secrets were found that could decrypt) on secret.yml',
      hint: 'tried the passwords of: default',
    });
  });

  it('is refused when the file with the password is not there', async () => {
    const outcome = await openProject({ 'site.yml': site }).run('site.yml', '--vault-password-file', 'gone');
    expectRefusal(outcome, 1, { message: 'The vault password file gone was not found' });
  });

  it('is refused when it is damaged', async () => {
    const text = sealed('secret: hush\n', 'right');
    const project = openProject({ 'site.yml': site, 'secret.yml': text.slice(0, -200), password: 'right\n' });
    const outcome = await project.run('site.yml', '--vault-password-file', 'password');
    expect([outcome.code, outcome.touched]).toEqual([1, false]);
    expect(outcome.stderr).toContain('secret.yml');
    expectNoTrace(outcome);
  });
});

describe('an encrypted value', () => {
  it('that cannot be read fails the task that needs it, at its place', async () => {
    const cipher = sealed('hush', 'right').trim().replaceAll('\n', '\n        ');
    const project = openProject({
      'site.yml': play('    - debug: {msg: "{{ secret }}"}\n', `  vars:\n    secret: !vault |\n        ${cipher}\n`),
      password: 'wrong\n',
    });
    const outcome = await project.run('site.yml', '--vault-password-file', 'password');
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toContain('\nat site.yml:4:13\n');
    expectNoTrace(outcome);
  });
});
