import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sshSpec } from '../../test/support/connections.ts';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import { controllerIn } from '../../test/support/module-host.ts';
import { addTestUser, openSshd, type Sshd } from '../../test/support/sshd.ts';
import { type Channel, ConnectionPool, LocalTransport, ShellTarget, type Target } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { type Dict, type Result, toJson, toValue } from '../values/index.ts';
import { executeModule } from './execute.ts';
import { readArguments } from './read-arguments.ts';
import { rsyncOptions } from './shared/rsync/options.ts';
import synchronize from './synchronize.ts';

const hasRsync = (() => {
  try {
    execFileSync('rsync', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const folder = folderForEachTest('muster-synchronize-');
beforeEach(async () => {
  folder.write('src/a', 'one');
  folder.write("src/sub/b 'c", 'two');
});

interface Options {
  check?: boolean;
  delegatedTo?: string;
  variables?: Record<string, string>;
}

const run = async (target: Target, args: object, { check = false, delegatedTo, variables = {} }: Options = {}) => {
  try {
    const { values } = readArguments(synchronize, toValue(args as Result) as Dict);
    const result = await executeModule(synchronize, values, {
      target,
      check,
      delegatedTo,
      wantsDiff: true,
      signal: new AbortController().signal,
      controller: {
        ...controllerIn(folder.path),
        find: async (_kind, name) => {
          if (name !== 'src') throw new ModuleFailure('not found');
          return folder.at(name);
        },
        variable: (name) => ({ inventory_hostname: 'web1', playbook_dir: folder.path, ...variables })[name],
      },
      warn: () => {},
      deprecate: () => {},
      output: () => {},
      run: () => Promise.reject(new Error('runs no other module')),
    });
    return toJson(toValue(result)) as Record<string, never>;
  } catch (error) {
    if (!(error instanceof ModuleFailure)) throw error;
    return { failed: true, msg: error.message, ...error.result };
  }
};

describe.skipIf(!hasRsync)('synchronize (needs rsync)', () => {
  let sshd: Sshd;
  let pool: ConnectionPool;
  beforeAll(async () => {
    sshd = await openSshd();
    pool = new ConnectionPool({ warn: () => {} });
  });
  afterAll(async () => {
    await pool.close();
    await sshd.close();
  });
  const target = () => pool.target(sshSpec(sshd));

  it('sends a folder over the connection that there is, once', async () => {
    const args = { src: 'src/', dest: folder.at('dest dir') };
    const at = await target();
    expect(await run(at, args, { check: true })).toMatchObject({ changed: true });
    await expect(readFile(folder.at('dest dir', 'a'))).rejects.toThrow('ENOENT');
    expect(await run(at, args)).toMatchObject({
      changed: true,
      rc: 0,
      msg: expect.stringContaining('<f+++++++++ a'),
      stdout_lines: expect.arrayContaining([expect.stringContaining("sub/b 'c")]),
      diff: { prepared: expect.stringContaining('a') },
      cmd: expect.stringContaining('web1:'),
    });
    expect(await readFile(folder.at('dest dir', 'sub', "b 'c"), 'utf8')).toBe('two');
    expect(await run(at, args)).toMatchObject({ changed: false, msg: '', stdout_lines: [] });
    folder.write('dest dir/extra', '');
    expect(await run(at, { ...args, delete: true })).toMatchObject({
      changed: true,
      msg: expect.stringContaining('extra'),
    });
  });

  it('fetches, to a place that is not there yet', async () => {
    const args = { src: folder.at('src'), dest: 'got', mode: 'pull', rsync_opts: ['--exclude=sub'] };
    expect(await run(await target(), args)).toMatchObject({ changed: true });
    expect(await readFile(folder.at('got', 'src', 'a'), 'utf8')).toBe('one');
    await expect(readFile(folder.at('got', 'src', 'sub', "b 'c"))).rejects.toThrow('ENOENT');
  });

  it('takes any amount of data', async () => {
    folder.write('src/large', Buffer.alloc(20_000_000, 'x'));
    const args = { src: 'src/', dest: folder.at('dest'), compress: false };
    expect(await run(await target(), args)).toMatchObject({ changed: true });
    expect((await readFile(folder.at('dest', 'large'))).length).toBe(20_000_000);
  });

  it('writes as the user that the task runs as', async () => {
    const user = await addTestUser({ sudo: 'ALL=(ALL) NOPASSWD: ALL' });
    try {
      const become = { method: 'sudo', user: 'root', password: undefined, exe: undefined, flags: undefined };
      const at = await pool.target(sshSpec(sshd, { user: user.name, become }));
      const args = { src: 'src/', dest: folder.at('dest'), owner: false, group: false };
      expect(await run(at, args)).toMatchObject({ changed: true });
      const plain = await pool.target(sshSpec(sshd, { user: user.name }));
      expect(await run(plain, { ...args, dest: '/root/none/x' })).toMatchObject({
        failed: true,
        msg: expect.stringContaining('Permission denied'),
      });
      expect(await run(plain, { ...args, dest: '~/mine', rsync_path: 'mkdir -p ~/up && rsync' })).toMatchObject({
        changed: true,
      });
      expect(await readFile(join(user.home, 'mine', 'a'), 'utf8')).toBe('one');
    } finally {
      await user.close();
    }
  });

  it('copies on the target itself when delegated there, or when it is this machine', async () => {
    const args = { src: folder.at('src'), dest: `${folder.at('copy')}/` };
    expect(await run(await target(), args, { delegatedTo: 'web1' })).toMatchObject({ changed: true });
    expect(await run(new ShellTarget('web1', new LocalTransport()), args)).toMatchObject({ changed: false });
  });

  it('connects from a delegate with its own ssh', async () => {
    const at = new ShellTarget('localhost', new LocalTransport());
    const variables = {
      ansible_host: sshd.host,
      ansible_port: String(sshd.port),
      ansible_ssh_private_key_file: sshd.privateKey,
    };
    const args = { src: folder.at('src'), dest: folder.at('far'), rsync_opts: ['--exclude', 'sub'] };
    expect(await run(at, args, { delegatedTo: 'localhost', variables })).toMatchObject({ changed: true });
    expect(await run(at, args, { delegatedTo: 'localhost', variables })).toMatchObject({ changed: false });
    expect(await readFile(folder.at('far', 'src', 'a'), 'utf8')).toBe('one');
  });

  it('says when the other side has no rsync', async () => {
    const args = { src: 'src/', dest: '/tmp/x', rsync_path: '/no/rsync' };
    expect(await run(await target(), args)).toMatchObject({
      failed: true,
      msg: 'synchronize needs rsync on both sides, and there is none on web1: install the package rsync',
    });
  });
});

it('says when this side has no rsync', async () => {
  class FarTransport extends LocalTransport {
    override exec(): Promise<Channel> {
      return Promise.reject(new Error('must not be asked'));
    }
  }
  const at = new ShellTarget('web1', new FarTransport());
  const far: Target = { ...bound(at), isLocal: false };
  const variables = { ansible_rsync_path: '/no/such/rsync' };
  expect(await run(far, { src: 'src/', dest: '/tmp/x' }, { variables })).toMatchObject({
    failed: true,
    msg: expect.stringContaining('there is none on the controller'),
  });
  const host = await openFakeHost(folder.at('fake'), {});
  expect(await run(host.target, { src: '/a', dest: '/b' }, { variables })).toMatchObject({
    failed: true,
    msg: expect.stringContaining('there is none on localhost'),
  });
  await host.close();
});

const bound = (target: ShellTarget): Target => ({
  host: target.host,
  run: (script, options) => target.run(script, options),
  put: (content, path) => target.put(content, path),
  get: (path, sink) => target.get(path, sink),
  temporaryDirectory: () => target.temporaryDirectory(),
  forward: (to) => target.forward(to),
  open: (command) => target.open(command),
});

it('words the options', () => {
  const options = (args: object) =>
    rsyncOptions(
      readArguments(synchronize, toValue({ src: '/a', dest: '/b/c', ...args } as Result) as Dict).values,
      false,
    );
  expect(options({})).toEqual(['--delay-updates', '-F', '--compress', '--archive', '--out-format=<<CHANGED>>%i %n%L']);
  expect(options({ archive: false, recursive: true, times: true, delay_updates: false, compress: false })).toEqual([
    '--recursive',
    '--times',
    '--out-format=<<CHANGED>>%i %n%L',
  ]);
  expect(options({ links: false, rsync_timeout: 5, partial: true, link_dest: ['/x/y'] })).toEqual([
    '--delay-updates',
    '-F',
    '--compress',
    '--timeout=5',
    '--archive',
    '--no-links',
    '--partial',
    '-H',
    '-vv',
    '--link-dest=/x/y',
    '--out-format=<<CHANGED>>%i %n%L',
  ]);
  expect(() => options({ link_dest: ['/b'] })).toThrow('recursion');
});
