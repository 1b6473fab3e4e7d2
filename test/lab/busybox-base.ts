import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withLock } from './lock.ts';
import { cacheDirectory } from './places.ts';
import { run } from './run.ts';

const version = 2;
const programs = ['/bin/busybox', '/usr/sbin/sshd', '/usr/bin/ssh-keygen'];

/** The root of a system that has nothing but busybox and this machine's sshd: no bash, no coreutils, no Python, no sudo. */
export const busyboxBase = async (tell: (text: string) => void): Promise<string> => {
  const sources = await Promise.all(programs.map(async (path) => readFile(await realpath(path))));
  const hash = createHash('sha256').update(String(version));
  for (const source of sources) hash.update(source);
  const base = join(cacheDirectory(), `busybox-${hash.digest('hex').slice(0, 12)}`);
  return withLock(`${base}.lock`, async () => {
    if (existsSync(base)) return base;
    tell(`making a busybox base system in ${base}`);
    const root = `${base}.unfinished`;
    await rm(root, { recursive: true, force: true });
    await build(root);
    await rename(root, base);
    return base;
  });
};

const build = async (root: string): Promise<void> => {
  const folders = [
    'bin',
    'sbin',
    'dev',
    'etc/ssh',
    'proc',
    'sys',
    'tmp',
    'root',
    'run/sshd',
    'home',
    'usr/bin',
    'usr/sbin',
    'usr/lib',
    'var/log',
    'var/empty',
    'mnt',
  ];
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true });
  await run('chmod', ['1777', join(root, 'tmp')]);
  for (const program of programs) {
    await copyInto(root, program);
    for (const library of await librariesOf(program)) await copyInto(root, library);
  }
  await run('chroot', [root, '/bin/busybox', '--install', '-s', '/bin']);
  await symlink('/bin/busybox', join(root, 'sbin/init'));
  const files: Record<string, string> = {
    'etc/passwd': `root:x:0:0:root:/root:/bin/sh\nsshd:x:102:65534::/run/sshd:/bin/false\ndeploy:x:1000:1000::/home/deploy:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n`,
    'etc/shadow': 'root:*:19000:0:99999:7:::\nsshd:*:19000::::::\ndeploy:*:19000:0:99999:7:::\nnobody:*:19000::::::\n',
    'etc/group': 'root:x:0:\ndeploy:x:1000:\nnogroup:x:65534:\n',
    'etc/os-release': 'NAME="Busybox lab"\nID=busyboxlab\nVERSION_ID="1"\nPRETTY_NAME="Busybox lab"\n',
    'etc/inittab': '::sysinit:/etc/init.d/rcS\n::respawn:/usr/sbin/sshd -D -e\n',
    'etc/init.d/rcS': '#!/bin/sh\nmkdir -p /run/sshd /var/log\nchmod 0755 /run/sshd\n',
    'etc/ssh/sshd_config':
      'PermitRootLogin yes\nUsePAM no\nAuthorizedKeysFile /etc/ssh/lab_keys\nUseDNS no\nMaxStartups 100\nSubsystem sftp internal-sftp\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), text, {
      mode: path.endsWith('rcS') ? 0o755 : path.endsWith('shadow') ? 0o600 : 0o644,
    });
  }
  await mkdir(join(root, 'home/deploy'), { recursive: true });
  await run('chown', ['1000:1000', join(root, 'home/deploy')]);
};

const copyInto = async (root: string, path: string): Promise<void> => {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(await realpath(path), target);
};

/** The shared libraries of a program, and the loader. */
const librariesOf = async (program: string): Promise<string[]> => {
  const listed = await run('ldd', [program]).catch(() => '');
  return [...listed.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map((found) => found[1]!);
};
