import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { hostForAllTests } from '../../test/support/hosts.ts';
import { allModules, loadModule } from './registry.ts';

const host = hostForAllTests('busybox');
beforeAll(async () => {
  await mkdir(join(host.directory, 'project'));
  await writeFile(join(host.directory, 'fstab'), '');
});

/** What a module says on a host that has busybox only, when it needs more: the tool that is missing. */
const needs: Readonly<Record<string, [args: Record<string, unknown>, says: RegExp]>> = {
  apt: [{ name: 'x' }, /apt-get.* package apt$/],
  apt_key: [{ id: '12345678' }, /gpg|apt-key/],
  debconf: [{ name: 'x' }, /debconf-show.* package debconf$/],
  dnf: [{ name: 'x' }, /dnf/],
  dpkg_selections: [{ name: 'x', selection: 'hold' }, /dpkg.* package dpkg$/],
  git: [{ repo: '/nowhere', dest: '/nowhere-either' }, /git.* package git$/],
  package: [{ name: 'x' }, /package manager/],
  package_facts: [{}, /package manager/],
  rpm_key: [{ key: '12345678' }, /gpg|rpm/],
  systemd: [{ name: 'x', state: 'started' }, /systemctl.* package systemd$/],
  sysvinit: [{ name: 'muster-none', state: 'started' }, /muster-none/],
  service: [{ name: 'muster-none', state: 'started', use: 'service' }, /muster-none|service/],
  acl: [{ path: '/tmp' }, /setfacl.* package acl$/],
  seboolean: [{ name: 'x', state: true }, /getsebool|SELinux/],
  selinux: [{ state: 'disabled' }, /selinux/i],
  alternatives: [{ name: 'x', path: '/x' }, /update-alternatives.* package dpkg$/],
  apk: [{ name: 'x' }, /apk/],
  npm: [{ path: '/tmp' }, /npm.* package npm$/],
  pacman: [{ name: 'x' }, /pacman/],
  parted: [{ device: '/dev/null' }, /parted.* package parted$/],
  ufw: [{ state: 'enabled' }, /ufw.* package ufw$/],
  zypper: [{ name: 'x' }, /zypper/],
  docker_compose_v2: [{ project_src: '/tmp' }, /docker.* package docker.io/],
};

/** What works there although it is no part of the twins' playbook: arguments that touch nothing but the scratch folder. */
const works: Readonly<Record<string, (folder: string) => Record<string, unknown>>> = {
  apt_repository: () => ({ repo: 'deb http://example.com x main' }),
  deb822_repository: () => ({ name: 'x', uris: ['http://example.com'], suites: ['x'] }),
  mount: (folder) => ({ path: '/mnt/x', src: '/dev/x', fstype: 'ext4', state: 'present', fstab: `${folder}/fstab` }),
  service_facts: () => ({}),
  sysctl: (folder) => ({ name: 'vm.swappiness', value: '7', sysctl_file: `${folder}/sysctl.conf`, reload: false }),
};

/** Why others are tried elsewhere only. */
const elsewhere: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['container', 'container_exec', 'container_info', 'image', 'login', 'network', 'prune', 'volume'].map((name) => [
      `docker_${name}`,
      'tested with a shell and tools of busybox beside a real Docker Engine',
    ]),
  ),
  gather_facts: 'the same as setup',
};

test.each(Object.entries(needs))('%s names the tool that a busybox host has not', async (name, [args, says]) => {
  const result = await host.run(await loadModule(name), args, { check: true });
  expect(result).toMatchObject({ failed: true, msg: expect.stringMatching(says) });
});

test.each(Object.entries(works))('%s works on a busybox host', async (name, argsFor) => {
  const result = await host.run(await loadModule(name), argsFor(host.directory), { check: true });
  expect(result.failed ?? false, JSON.stringify(result)).toBe(false);
});

const bare = ['twins/bare.yml', 'databases/bare.yml'];

/** The tasks of the twins' playbook that are played on a busybox host of the lab, and the tests of modules, as text. */
const playedThere = async (): Promise<string> => {
  const folder = join(import.meta.dirname, '../../test/twins/playbook/tasks');
  const files = (await readdir(folder)).filter((file) => !/^(packages|services)\.yml$/.test(file));
  const paths = [...files.map((file) => join(folder, file)), ...bare.map((file) => join(folder, '../../..', file))];
  return (await Promise.all(paths.map((path) => readFile(path, 'utf8')))).join('\n');
};

const isTestedThere = async (name: string): Promise<boolean> =>
  (await readFile(join(import.meta.dirname, `${name}.test.ts`), 'utf8').catch(() => '')).includes('busybox');

test('every module is tried on a busybox host, or it is said why not', async () => {
  const played = await playedThere();
  const left: string[] = [];
  for (const full of allModules()) {
    const name = full.split('.').at(-1)!;
    const isPlayed = new RegExp(`^(- | {2,})([a-z]+\\.[a-z]+\\.)?${name}:`, 'm').test(played);
    if (!isPlayed && !(name in needs) && !(name in works) && !(name in elsewhere) && !(await isTestedThere(name))) {
      left.push(name);
    }
  }
  expect(left).toEqual([]);
});
