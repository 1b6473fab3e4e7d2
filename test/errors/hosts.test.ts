import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addTestUser, freePort, isRoot } from '../support/sshd.ts';
import { sshdForTests } from '../support/sshd-for-tests.ts';
import { expectNoTrace, failureIn, type Outcome, openProject, type Project } from './project.ts';

// Facts are not gathered, so that the first task is the first thing that a host is asked.
const site = '- hosts: web1\n  gather_facts: no\n  tasks:\n    - command: touch {{ playbook_dir }}/touched\n';

const server = sshdForTests();

/** A project whose inventory has one host: the test's server, unless `vars` say otherwise. */
const projectFor = (vars: Readonly<Record<string, string | number>> = {}, playbook = site): Project => {
  const all = {
    ansible_host: server.sshd.host,
    ansible_port: server.sshd.port,
    ansible_user: userInfo().username,
    ansible_ssh_private_key_file: server.sshd.privateKey,
    ansible_ssh_common_args: sshArgs(server.sshd.knownHosts),
    ...vars,
  };
  const words = Object.entries(all).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return openProject({ 'site.yml': playbook, hosts: `web1 ${words.join(' ')}\n` });
};

const sshArgs = (knownHosts: string): string =>
  `-F none -o IdentityAgent=none -o IdentitiesOnly=yes -o UserKnownHostsFile=${knownHosts} -o GlobalKnownHostsFile=none`;

const run = async (project: Project): Promise<Outcome> => {
  const outcome = await project.run('site.yml', '-i', 'hosts');
  expectNoTrace(outcome);
  return outcome;
};

const unreachable = (msg: string): string =>
  `fatal: [web1]: UNREACHABLE! => {"changed": false, "msg": ${JSON.stringify(msg)}, "unreachable": true}`;

const expectUnreachable = async (project: Project, message: string, hint: RegExp): Promise<void> => {
  const outcome = await run(project);
  expect([outcome.code, outcome.touched]).toEqual([4, false]);
  const [line, last] = failureIn(outcome, 'UNREACHABLE');
  expect(line).toBe(unreachable(message));
  expect(last).toMatch(hint);
  expect(outcome.stdout).toContain('unreachable=1');
};

describe('a host', () => {
  it('that is as it should be is reached', async () => {
    const outcome = await run(projectFor());
    expect([outcome.code, outcome.touched]).toEqual([0, true]);
  });

  it('where nobody listens is unreachable', async () => {
    const port = await freePort();
    const message = `cannot connect to ${server.sshd.host} port ${port}: connection refused`;
    await expectUnreachable(projectFor({ ansible_port: port }), message, /^hint: .*ansible_port/);
  });

  it('whose name nobody knows is unreachable', async () => {
    const name = 'no.such.host.invalid';
    await expectUnreachable(
      projectFor({ ansible_host: name }),
      `cannot resolve the name ${name}`,
      /^hint: .*ansible_host/,
    );
  });

  it('whose key is not known is unreachable', async () => {
    const key = await fingerprintOf(server.sshd.hostKeys.ed25519);
    const project = projectFor({ ansible_ssh_common_args: sshArgs('/dev/null') });
    const message = `the host key of [${server.sshd.host}]:${server.sshd.port} is not known: ED25519 ${key}`;
    await expectUnreachable(project, message, /^hint: if that is the right one, add it: ssh-keyscan -p \d+ 127/);
  });

  it('whose key has changed is unreachable, and the old key is named', async () => {
    const project = projectFor();
    const path = join(project.directory, 'known_hosts');
    const wrong = (await readFile(`${server.sshd.privateKey}.pub`, 'utf8')).trim();
    await writeFile(path, `[${server.sshd.host}]:${server.sshd.port} ${wrong}\n`);
    const hosts = await readFile(join(project.directory, 'hosts'), 'utf8');
    await writeFile(join(project.directory, 'hosts'), hosts.replace(server.sshd.knownHosts, path));
    const [now, before] = await Promise.all(
      [server.sshd.hostKeys.ed25519, `${server.sshd.privateKey}.pub`].map(fingerprintOf),
    );
    const message = `the host key of [${server.sshd.host}]:${server.sshd.port} has changed: it is now ED25519 ${now}, which is not the key in known_hosts:1:1 (${before})`;
    await expectUnreachable(project, message, /^hint: somebody may be in between; .*ssh-keygen -f known_hosts -R/);
  });

  it('that refuses the key is unreachable', async () => {
    const message = `${userInfo().username}@${server.sshd.host}: Permission denied (`;
    const project = projectFor({ ansible_ssh_private_key_file: join(server.sshd.directory, 'host_ed25519') });
    const outcome = await run(project);
    expect([outcome.code, outcome.touched]).toEqual([4, false]);
    const [line, hint] = failureIn(outcome, 'UNREACHABLE');
    expect(line).toContain(message);
    expect(hint).toMatch(/^hint: tried: .*; set ansible_user, ansible_ssh_private_key_file or ansible_password$/);
  });
});

describe.runIf(isRoot)('becoming another user (needs root, to make users)', () => {
  const become = site.replace('  tasks:', '  become: yes\n  tasks:');

  it('fails with the wrong password, which is not shown', async () => {
    const user = await addTestUser({ sudo: 'ALL=(ALL) ALL' });
    try {
      const password = 'not-the-password-4711';
      const outcome = await run(projectFor({ ansible_user: user.name, ansible_become_password: password }, become));
      expect([outcome.code, outcome.touched]).toEqual([2, false]);
      expect(failureIn(outcome)).toEqual([
        'fatal: [web1]: FAILED! => {"changed": false, "msg": "Incorrect sudo password"}',
        'hint: it comes from --ask-become-pass, --become-password-file or ansible_become_password',
      ]);
      expect(outcome.stdout + outcome.stderr).not.toContain(password);
    } finally {
      await user.close();
    }
  });

  it('fails without a password where one is needed', async () => {
    const user = await addTestUser({ sudo: 'ALL=(ALL) ALL' });
    try {
      const outcome = await run(projectFor({ ansible_user: user.name }, become));
      expect([outcome.code, outcome.touched]).toEqual([2, false]);
      const [line, hint] = failureIn(outcome);
      expect(line).toContain('"msg": "Missing sudo password"');
      expect(hint).toMatch(/^hint: .*ansible_become_password/);
    } finally {
      await user.close();
    }
  });

  it('fails for a user that may not', async () => {
    const user = await addTestUser();
    try {
      const vars = { ansible_user: user.name, ansible_become_password: user.password };
      const outcome = await run(projectFor(vars, become));
      expect([outcome.code, outcome.touched]).toEqual([2, false]);
      expect(failureIn(outcome)[0]).toMatch(/may not|not allowed|not in the sudoers/);
      expect(outcome.stdout + outcome.stderr).not.toContain(user.password);
    } finally {
      await user.close();
    }
  });
});

/** What ssh-keygen calls a public key. */
const fingerprintOf = async (path: string): Promise<string> => {
  const { createHash } = await import('node:crypto');
  const [, key = ''] = (await readFile(path, 'utf8')).split(' ');
  const hash = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
  return `SHA256:${hash.replace(/=+$/, '')}`;
};
