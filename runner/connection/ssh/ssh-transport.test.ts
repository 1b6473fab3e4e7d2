import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { say, sshSpec, withPool } from '../../../test/support/connections.ts';
import { openSshd } from '../../../test/support/sshd.ts';
import { sshdForTests } from '../../../test/support/sshd-for-tests.ts';
import { raw, sh } from '../script.ts';

const server = sshdForTests();
const { file, spec } = server;

describe('a connection by ssh', () => {
  test('runs scripts and counts round trips', () =>
    withPool(async (pool) => {
      const target = await pool.target(spec());
      expect((await target.run(raw('echo $((6*7)); exit 3'))).code).toBe(3);
      await target.run(raw(':'));
      expect(await pool.roundTrips('web1')).toBe(2);
    }));

  test('answers within few milliseconds', () =>
    withPool(async (pool) => {
      const target = await pool.target(spec());
      for (let index = 0; index < 100; index++) await target.run(raw(':'));
      const count = 300;
      const started = performance.now();
      for (let index = 0; index < count; index++) await target.run(raw(':'));
      // Delayed acknowledgements would cost 40 ms each.
      expect((performance.now() - started) / count).toBeLessThan(38);
    }));

  test('moves large files', () =>
    withPool(async (pool) => {
      const target = await pool.target(spec());
      const path = file('large');
      const bytes = randomBytes(30_000_000);
      await writeFile(`${path}.source`, bytes);
      await target.put(createReadStream(`${path}.source`), path);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      await target.get(path, createWriteStream(`${path}.back`));
      expect((await readFile(`${path}.back`)).equals(bytes)).toBe(true);
      await expect(target.put(bytes, '/nonexistent/file')).rejects.toThrow('cannot write /nonexistent/file on web1');
      await Promise.all(['', '.source', '.back'].map((end) => rm(path + end)));
    }));

  test('ends a script that takes too long', () =>
    withPool(async (pool) => {
      const target = await pool.target(spec());
      await expect(target.run(raw('sleep 30'), { timeoutMs: 100 })).rejects.toThrow('0.1 s');
      expect(await say(pool, spec())).toBe('hello');
    }));

  test('runs delegated tasks of many at the same time', () =>
    withPool(async (pool) => {
      const script = 'date +%s%N; sleep 0.3; date +%s%N';
      const outputs = await Promise.all(Array.from({ length: 6 }, () => say(pool, spec(), script)));
      const spans = outputs.map((output) => output.split('\n').map(Number) as [number, number]);
      const together = spans.map(([start]) => spans.filter(([from, to]) => from <= start && start < to).length);
      expect(Math.max(...together)).toBe(3);
    }));

  test('copes with a server that allows few channels', async () => {
    const small = await openSshd(['MaxSessions 1']);
    try {
      await withPool(async (pool) => {
        const target = await pool.target(sshSpec(small));
        await target.run(raw(':'));
        const path = join(small.directory, 'put');
        await Promise.all(
          Array.from({ length: 12 }, (_, index) => target.put(Buffer.from(String(index)), path + index)),
        );
        expect(await readFile(`${path}11`, 'utf8')).toBe('11');
      });
    } finally {
      await small.close();
    }
  });

  test('waits with more transfers than there are channels', () =>
    withPool(async (pool) => {
      const target = await pool.target(spec());
      const path = file('many');
      await Promise.all(
        Array.from({ length: 40 }, (_, index) => target.put(Buffer.from(String(index)), `${path}${index}`)),
      );
      expect(await readFile(`${path}39`, 'utf8')).toBe('39');
    }));

  test('forwards to sockets of the host', () =>
    withPool(async (pool) => {
      const server = createServer((_, response) => response.end('from afar')).listen(file('socket'));
      const target = await pool.target(spec());
      const stream = await target.forward({ path: file('socket') });
      stream.write('GET / HTTP/1.0\r\n\r\n');
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toContain('from afar');
      await expect(target.forward({ host: '127.0.0.1', port: 1 })).rejects.toThrow('Connection refused');
      server.close();
    }));

  test('goes on after the connection was lost, with the task that comes next', () =>
    withPool(async (pool) => {
      const target = await pool.target(spec());
      const directory = await target.temporaryDirectory();
      const failure = await target.run(raw('kill -KILL $PPID; sleep 5')).catch((error) => error);
      expect(failure.constructor.name).toBe('UnreachableError');
      expect(failure.message).toMatch(/the connection to 127.0.0.1 was lost|the shell on the host ended/);
      expect(await say(pool, spec())).toBe('hello');
      expect(await target.temporaryDirectory()).not.toBe(directory);
    }));

  test('leaves no temporary directory behind', async () => {
    const directory = await withPool(async (pool) => (await pool.target(spec())).temporaryDirectory());
    await expect(stat(directory)).rejects.toThrow('ENOENT');
  });

  test('is shared by tasks and made anew after a reset', () =>
    withPool(async (pool) => {
      const parent = 'ps -o ppid= -p $$';
      const first = await say(pool, spec(), parent);
      expect(await say(pool, spec(), parent)).toBe(first);
      await pool.reset('web1');
      expect(await say(pool, spec(), parent)).not.toBe(first);
    }));

  test('sets variables by SetEnv where the server takes them', async () => {
    const open = await openSshd(['AcceptEnv *']);
    try {
      await withPool(async (pool) => {
        const one = sshSpec(open, { args: [`-o SetEnv='"A_B=c d"'`] });
        expect(await say(pool, one, 'echo "$A_B"')).toBe('c d');
      });
    } finally {
      await open.close();
    }
  });

  test('can be an IPv6 address', async () => {
    const six = await openSshd([], '::1');
    try {
      await withPool(async (pool) => {
        expect(await say(pool, sshSpec(six))).toBe('hello');
      });
    } finally {
      await six.close();
    }
  });
});

test('a script may print a large output without the connection suffering', () =>
  withPool(async (pool) => {
    const target = await pool.target(spec());
    const { stdout } = await target.run(sh`head -c 100000000 /dev/zero`);
    expect(stdout.length).toBe(100_000_000);
  }));
