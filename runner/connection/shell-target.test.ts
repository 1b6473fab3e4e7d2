import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { BusyboxTransport } from '../../test/support/busybox.ts';
import { emit } from './emit.ts';
import { LocalTransport } from './local-transport.ts';
import { raw, sh, shellFunction } from './script.ts';
import { ScriptTimeoutError } from './script-timeout.ts';
import { ShellTarget } from './shell-target.ts';

const targets = [
  new ShellTarget('dash', new LocalTransport()),
  new ShellTarget('busybox', await BusyboxTransport.open()),
  new ShellTarget('bash', new LocalTransport(), { shell: '/bin/bash' }),
];
afterAll(() => Promise.all(targets.map((target) => target.close())));

const text = async (target: ShellTarget, script: string): Promise<string> =>
  (await target.run(raw(script))).stdout.toString();

const collector = (chunks: Buffer[]): Writable =>
  new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });

describe.each(targets.map((target) => [target.host, target] as const))('a shell session of %s', (_name, target) => {
  test('gives output, error output and exit code of a script', async () => {
    const { stdout, stderr, code } = await target.run(raw('echo out; echo err >&2; exit 7'));
    expect([stdout.toString(), stderr.toString(), code]).toEqual(['out\n', 'err\n', 7]);
  });

  test('keeps cd, variables, exit and syntax errors inside the script', async () => {
    const before = await text(target, 'pwd');
    await target.run(raw('cd /; m_left=1; set -e; false'));
    expect(await text(target, 'echo "$m_left"; pwd')).toBe(`\n${before}`);
    for (const broken of ['echo "unbalanced', 'if true; then', ') )', "echo 'x", 'cat <<EOF']) {
      const { code, stderr } = await target.run(raw(broken));
      if (broken.startsWith('cat')) continue;
      expect(code, broken).not.toBe(0);
      expect(stderr.toString(), broken).not.toBe('');
    }
    expect(await text(target, 'echo fine')).toBe('fine\n');
  });

  test('gives scripts an empty standard input', async () => {
    expect(await text(target, 'cat; echo end')).toBe('end\n');
  });

  test('exports the environment of one script only', async () => {
    const value = `a'b "c" $d \n\\`;
    const { stdout } = await target.run(raw('printf %s "$M_SEEN"; env | grep -c ^M_SEEN='), {
      environment: { M_SEEN: value },
    });
    expect(stdout.toString()).toBe(`${value}1\n`);
    expect(await text(target, 'echo "${M_SEEN-unset}"')).toBe('unset\n');
    await expect(target.run(raw('true'), { environment: { 'A; echo B': '' } })).rejects.toThrow(
      "'A; echo B' cannot be",
    );
  });

  test('defines a function once, with those that it needs', async () => {
    const inner = shellFunction('m_inner', 'printf "<%s>" "$1"');
    const outer = shellFunction('m_outer', 'm_inner "$1"; m_inner "$2"', [inner]);
    expect((await target.run(sh`${outer} ${'a b'} ${"c'd"}`)).stdout.toString()).toBe("<a b><c'd>");
    expect(await text(target, 'm_outer 1 2')).toBe('<1><2>');
  });

  test('carries any bytes, also those that look like its own marks', async () => {
    const bytes = Buffer.concat([Buffer.from('\x1e0123 4\x1e\0\x1e'), randomBytes(50_000), Buffer.from([0x1e])]);
    expect((await target.run(emit(bytes))).stdout.equals(bytes)).toBe(true);
    const small = randomBytes(500);
    expect((await target.run(emit(small))).stdout.equals(small)).toBe(true);
    const words = "it's \\n 100% 'quoted' ''\n".repeat(500);
    expect((await target.run(emit(words))).stdout.toString()).toBe(words);
  });

  test('answers requests in order when many are sent at once, in one round trip', async () => {
    await target.run(raw(':'));
    const before = target.roundTrips;
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => target.run(sh`echo ${index}; exit ${index}`)),
    );
    expect(replies.map(({ stdout, code }) => [stdout.toString(), code])).toEqual(
      replies.map((_, index) => [`${index}\n`, index]),
    );
    expect(target.roundTrips - before).toBe(1);
  });

  test('replies while a background process keeps the streams open, and keeps its output out of later replies', async () => {
    const started = Date.now();
    await target.run(raw('{ sleep 2; echo stray; echo stray >&2; sleep 0.3; echo stray; } & echo'));
    expect(Date.now() - started).toBeLessThan(1900);
    await sleep(2100);
    const { stdout, stderr } = await target.run(raw('sleep 0.4; echo own'));
    expect([stdout.toString(), stderr.toString()]).toEqual(['own\n', '']);
  });

  test('streams output as it arrives', async () => {
    const seen: string[] = [];
    await target.run(raw('echo 1; sleep 0.1; echo 2 >&2; sleep 0.1; echo 3'), {
      onOutput: (stream, chunk) => void seen.push(`${stream}:${chunk.toString().trim()}`),
    });
    expect(seen).toEqual(['stdout:1', 'stderr:2', 'stdout:3']);
  });

  test('ends a script that takes too long, with all that it started, and goes on', async () => {
    const started = Date.now();
    const marker = `31${Math.floor(Math.random() * 1e6)}`;
    const failure = await target
      .run(raw(`echo begun; (sleep ${marker}; echo no) | cat`), { timeoutMs: 200 })
      .catch((error) => error);
    expect(failure).toBeInstanceOf(ScriptTimeoutError);
    expect(failure.stdout.toString()).toBe('begun\n');
    expect(Date.now() - started).toBeLessThan(20_000);
    await expect.poll(() => text(target, `ps | grep -c '[s]leep ${marker}' || true`)).toBe('0\n');
  });

  test('ends a script that ignores the first signal', async () => {
    await expect(target.run(raw("trap '' TERM; while :; do sleep 0.1; done"), { timeoutMs: 100 })).rejects.toThrow(
      '0.1 s',
    );
    expect(await text(target, 'echo again')).toBe('again\n');
  });

  test('rejects with the reason of an aborted signal, also before it was sent', async () => {
    const controller = new AbortController();
    const reply = target.run(raw('sleep 20'), { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(reply).rejects.toThrow('enough');
    await expect(target.run(raw('echo no'), { signal: controller.signal })).rejects.toThrow('enough');
    expect(await text(target, 'echo again')).toBe('again\n');
  });

  test('reopens a session that died', async () => {
    await expect(target.run(raw('kill -KILL $$; sleep 1'))).rejects.toThrow('the shell on the host ended');
    expect(await text(target, 'echo alive')).toBe('alive\n');
  });

  test('moves files of any content', async () => {
    const directory = await target.temporaryDirectory();
    const path = `${directory}/it's a "file"`;
    const bytes = randomBytes(3_000_000);
    await target.put(bytes, path);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await target.put(Readable.from([Buffer.from('a'), 'b', Buffer.from('c')]), path);
    const chunks: Buffer[] = [];
    await target.get(path, collector(chunks));
    expect(Buffer.concat(chunks).toString()).toBe('abc');
    await target.put(Buffer.alloc(0), path);
    expect((await stat(path)).size).toBe(0);
  });

  test('says why a file cannot be written or read', async () => {
    await expect(target.put(randomBytes(5_000_000), '/nonexistent/file')).rejects.toThrow(
      /cannot write \/nonexistent\/file on \w+: (Directory nonexistent|No such file or directory|nonexistent directory)/i,
    );
    await expect(target.get('/nonexistent/file', collector([]))).rejects.toThrow(
      /cannot read \/nonexistent\/file on .*: No such file/i,
    );
  });
});

test('100 MB of output arrive whole and quickly', async () => {
  const target = targets[0]!;
  let seen = 0;
  const started = Date.now();
  const { stdout } = await target.run(raw('head -c 100000000 /dev/zero'), {
    onOutput: (_, chunk) => {
      seen += chunk.length;
    },
  });
  expect([stdout.length, seen]).toEqual([100_000_000, 100_000_000]);
  expect(Date.now() - started).toBeLessThan(25_000);
});

test('the temporary directory is private, the same for all tasks, and gone in the end', async () => {
  const target = new ShellTarget('here', new LocalTransport());
  const [first, second] = await Promise.all([target.temporaryDirectory(), target.temporaryDirectory()]);
  expect(first).toBe(second);
  expect((await stat(first)).mode & 0o777).toBe(0o700);
  await target.run(sh`touch ${first}/file`);
  await target.close();
  await expect(stat(first)).rejects.toThrow('ENOENT');
});

test('the temporary directory goes away even while a script hangs', async () => {
  const target = new ShellTarget('here', new LocalTransport());
  const directory = await target.temporaryDirectory();
  const hanging = target.run(raw('sleep 30')).catch(() => 'ended');
  await sleep(50);
  await target.close();
  await hanging;
  await expect(stat(directory)).rejects.toThrow('ENOENT');
});
