import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import gitModule from './git.ts';

let host: ModuleHost;
let upstream: string;
let work: string;
const at = (name: string) => join(host.directory, name);
const git = (folder: string, ...args: string[]) =>
  execFileSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'protocol.file.allow=always', ...args],
    {
      cwd: folder,
      stdio: 'pipe',
    },
  )
    .toString()
    .trim();
const commit = async (file: string, text: string): Promise<string> => {
  await writeFile(join(work, file), text);
  git(work, 'add', '.');
  git(work, 'commit', '-qm', text);
  git(work, 'push', '-q', '--tags', 'origin', 'HEAD');
  return git(work, 'rev-parse', 'HEAD');
};
const run = (args: Record<string, unknown>, options?: Parameters<ModuleHost['run']>[2]) =>
  host.run(gitModule, { repo: upstream, ...args }, options);

let first: string;
let second: string;

beforeAll(async () => {
  process.env.GIT_CONFIG_COUNT = '1';
  process.env.GIT_CONFIG_KEY_0 = 'protocol.file.allow';
  process.env.GIT_CONFIG_VALUE_0 = 'always';
  host = await openModuleHost();
  upstream = at('up stream.git');
  work = at('work');
  git(host.directory, 'init', '-q', '--bare', '-b', 'main', upstream);
  git(host.directory, 'clone', '-q', upstream, work);
  git(work, 'checkout', '-qb', 'main');
  first = await commit('file', 'one');
  git(work, 'tag', '-am', 'a tag', 'v1');
  second = await commit('file', 'two');
  git(work, 'checkout', '-qb', 'side');
  await commit('side', 'aside');
  git(work, 'checkout', '-q', 'main');
  // Some fifteen processes of git, which a busy machine takes its time for.
}, 60_000);
afterAll(() => host.close());

describe('git', () => {
  test('clones, and an unchanged repository costs one round trip', async () => {
    const dest = at('a/b/clone');
    expect(await run({ dest }, { check: true })).toMatchObject({ changed: true, before: null, after: second });
    await expect(stat(dest)).rejects.toThrow();
    expect(await run({ dest }, { diff: true })).toEqual({
      changed: true,
      before: null,
      after: second,
      warnings: [],
      diff: { prepared: `>> Newly checked out ${second}` },
    });
    expect(await readFile(join(dest, 'file'), 'utf8')).toBe('two');
    expect(git(dest, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main');
    const cost = await host.countRoundTrips(async () => {
      expect(await run({ dest })).toEqual({
        changed: false,
        before: second,
        after: second,
        warnings: [],
        remote_url_changed: false,
      });
    });
    expect(cost).toBe(1);
  });

  test('follows the remote', async () => {
    const dest = at('follow');
    await run({ dest });
    const third = await commit('file', 'three');
    expect(await run({ dest }, { check: true })).toMatchObject({ changed: true, before: second, after: third });
    expect(await run({ dest, update: false })).toMatchObject({ changed: false, after: second });
    const result = await run({ dest }, { diff: true });
    expect(result).toMatchObject({ changed: true, before: second, after: third });
    expect((result.diff as { prepared: string }).prepared).toContain('+three');
    expect(await run({ dest }, { check: true })).toMatchObject({ changed: false });
  });

  test('branches, tags and commits', async () => {
    const dest = at('versions');
    expect(await run({ dest, version: 'v1' })).toMatchObject({ after: first });
    expect(await run({ dest, version: 'v1' }, { check: true })).toMatchObject({ changed: false });
    expect(await run({ dest, version: 'side' })).toMatchObject({ changed: true });
    expect(git(dest, 'symbolic-ref', 'HEAD')).toBe('refs/heads/side');
    expect(await run({ dest, version: 'side' })).toMatchObject({ changed: false });
    expect(await run({ dest, version: second })).toMatchObject({ changed: true, after: second });
    expect(await run({ dest, version: 'nowhere' })).toMatchObject({ failed: true, msg: 'Failed to checkout nowhere' });
    expect(await run({ dest })).toMatchObject({ changed: true });
  });

  test('local changes', async () => {
    const dest = at('changes');
    await run({ dest });
    await writeFile(join(dest, 'untracked'), '');
    expect(await run({ dest })).toMatchObject({ changed: false });
    await writeFile(join(dest, 'file'), 'mine');
    const before = git(dest, 'rev-parse', 'HEAD');
    expect(await run({ dest })).toEqual({
      failed: true,
      changed: false,
      before,
      msg: `Local modifications exist in the destination: ${dest} (force=no).`,
    });
    expect(await run({ dest, force: true })).toMatchObject({
      changed: true,
      before,
      after: before,
      msg: `Local modifications exist in the destination: ${dest}`,
    });
    expect(await readFile(join(dest, 'file'), 'utf8')).toBe('three');
  });

  test('shallow and single-branch clones', async () => {
    const dest = at('shallow');
    await run({ dest, depth: 1 });
    expect(git(dest, 'rev-list', '--count', 'HEAD')).toBe('1');
    const next = await commit('file', 'four');
    expect(await run({ dest, depth: 1 })).toMatchObject({ changed: true, after: next });
    expect(await run({ dest, depth: 1, version: 'side' })).toMatchObject({ changed: true });
    expect(git(dest, 'rev-list', '--count', 'HEAD')).toBe('1');
    expect(await run({ dest, depth: 1, version: 'side' })).toMatchObject({ changed: false });
    const single = at('single');
    await run({ dest: single, single_branch: true, version: 'side' });
    expect(git(single, 'branch', '-r')).not.toContain('main');
    const odd = at('odd');
    await run({ dest: odd, depth: 1, version: first });
    expect(host.warnings.at(-1)).toContain('Ignoring depth argument');
    expect(git(odd, 'rev-parse', 'HEAD')).toBe(first);
  });

  test('bare repositories, other remotes and a refspec', async () => {
    const dest = at('bare.git');
    expect(await run({ dest, bare: true, remote: 'up' })).toMatchObject({ changed: true });
    expect(git(dest, 'rev-parse', '--is-bare-repository')).toBe('true');
    const next = await commit('file', 'five');
    expect(await run({ dest, bare: true, remote: 'up' })).toMatchObject({ changed: true, after: next });
    expect(await run({ dest, bare: true, remote: 'up' })).toMatchObject({ changed: false });
    const named = at('named');
    await run({ dest: named, remote: 'up', refspec: '+refs/heads/side:refs/heads/fetched' });
    expect(git(named, 'rev-parse', 'fetched')).toBe(git(work, 'rev-parse', 'side'));
  });

  test('another remote than before', async () => {
    const dest = at('moved');
    await run({ dest });
    const other = at('other.git');
    git(host.directory, 'clone', '-q', '--bare', upstream, other);
    expect(await run({ dest, repo: other })).toMatchObject({ changed: true, remote_url_changed: true });
    expect(git(dest, 'remote', 'get-url', 'origin')).toBe(`file://${other}`);
    expect(await run({ dest, repo: other })).toMatchObject({ changed: false, remote_url_changed: false });
  });

  test('submodules', async () => {
    const outer = at('outer.git');
    const inner = at('outer');
    git(host.directory, 'init', '-q', '--bare', '-b', 'main', outer);
    git(host.directory, 'clone', '-q', outer, inner);
    git(inner, 'checkout', '-qb', 'main');
    git(inner, 'submodule', 'add', '-q', upstream, 'sub');
    git(inner, 'commit', '-qm', 'with sub');
    git(inner, 'push', '-q', 'origin', 'main');
    const dest = at('with-sub');
    expect(await run({ dest, repo: outer })).toMatchObject({ changed: true, submodules_changed: true });
    expect(await readFile(join(dest, 'sub/file'), 'utf8')).toBe('five');
    expect(await run({ dest, repo: outer })).toMatchObject({ changed: false });
    await commit('file', 'six');
    git(join(inner, 'sub'), 'pull', '-q', 'origin', 'main');
    git(inner, 'commit', '-qam', 'newer sub');
    git(inner, 'push', '-q', 'origin', 'main');
    expect(await run({ dest, repo: outer })).toMatchObject({ changed: true, submodules_changed: true });
    expect(await readFile(join(dest, 'sub/file'), 'utf8')).toBe('six');
    const without = at('without-sub');
    await run({ dest: without, repo: outer, recursive: false });
    await expect(stat(join(without, 'sub/file'))).rejects.toThrow();
  });

  test('archives and a repository apart', async () => {
    const dest = at('packed');
    const archive = at('packed.tar.gz');
    expect(await run({ dest, archive, archive_prefix: 'p/' })).toMatchObject({ changed: true });
    expect(execFileSync('tar', ['tzf', archive]).toString()).toContain('p/file');
    expect(await run({ dest, archive, archive_prefix: 'p/' })).toMatchObject({ changed: false });
    expect(await run({ dest, archive: at('x.rar') })).toMatchObject({ failed: true });
    const separate = at('apart.git');
    expect(await run({ dest, separate_git_dir: separate })).toMatchObject({
      changed: true,
      git_dir_before: join(dest, '.git'),
      git_dir_now: separate,
    });
    expect(git(dest, 'status', '--porcelain')).toBe('');
    expect(await run({ dest, separate_git_dir: separate })).toMatchObject({ changed: false });
  });

  test('ssh options reach ssh', async () => {
    const bin = at('bin');
    await mkdir(bin);
    await writeFile(join(bin, 'fake-ssh'), `#!/bin/sh\nprintf '%s\\n' "$@" >'${at('ssh-arguments')}'\nexit 1\n`);
    await chmod(join(bin, 'fake-ssh'), 0o755);
    process.env.GIT_SSH = join(bin, 'fake-ssh');
    const other = await openModuleHost();
    const args = {
      repo: 'git@example.org:x.git',
      dest: at('by-ssh'),
      key_file: '/keys/a key',
      accept_hostkey: true,
      ssh_opts: '-4',
    };
    expect(await other.run(gitModule, args)).toMatchObject({ failed: true });
    delete process.env.GIT_SSH;
    await other.close();
    const words = (await readFile(at('ssh-arguments'), 'utf8')).split('\n');
    expect(words.join(' ')).toContain(
      '-4 -o StrictHostKeyChecking=no -o BatchMode=yes -i /keys/a key -o IdentitiesOnly=yes',
    );
    expect(words).toContain('/keys/a key');
  });

  test('what goes wrong', async () => {
    expect(await run({ repo: at('nope.git'), dest: at('nope') })).toMatchObject({
      failed: true,
      msg: expect.stringContaining('does not appear to be a git repository'),
    });
    expect(await run({})).toMatchObject({ msg: 'the destination directory must be specified unless clone=no' });
    expect(await run({ clone: false })).toMatchObject({ changed: true, after: git(work, 'rev-parse', 'main') });
    expect(await run({ dest: at('unsigned'), verify_commit: true })).toMatchObject({
      failed: true,
      msg: 'Failed to verify GPG signature of commit/tag "HEAD"',
    });
  });
});
