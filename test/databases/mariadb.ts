import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../support/sshd.ts';

const execute = promisify(execFile);

const find = (name: string): string | undefined =>
  [...(process.env.PATH ?? '').split(':'), '/usr/sbin'].map((folder) => join(folder, name)).find(existsSync);

/** What there is not, of what a server needs. */
export const lackingForMariadb = (): string[] =>
  ['mariadbd', 'mariadb-install-db', 'mysqldump', 'mysql'].filter((name) => !find(name));

/** A MariaDB server of this machine for one test, in a folder of its own. */
export interface Mariadb {
  readonly folder: string;
  readonly socket: string;
  readonly port: number;
  /** What a statement prints, a line a row. */
  query(statement: string): Promise<string>;
  close(): Promise<void>;
}

/** A folder with the files of a fresh server, whose root has no password. Servers start from copies of it. */
export const installMariadb = async (folder: string): Promise<string> => {
  const data = join(folder, 'fresh');
  await execute(find('mariadb-install-db')!, [
    '--no-defaults',
    `--datadir=${data}`,
    `--user=${userInfo().username}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--innodb-log-file-size=4M',
  ]);
  return data;
};

/** Starts a server with a copy of `fresh` at an address of this machine; it writes a binary log under its id. */
export const startMariadb = async (fresh: string, id: number, address = '127.0.0.1'): Promise<Mariadb> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-mariadb-'));
  // Other users connect, too.
  await chmod(folder, 0o755);
  await cp(fresh, join(folder, 'data'), { recursive: true });
  await mkdir(join(folder, 'tmp'));
  const socket = join(folder, 'socket');
  const port = await freePort();
  const log = join(folder, 'log');
  const server = spawn(
    find('mariadbd')!,
    [
      '--no-defaults',
      `--datadir=${join(folder, 'data')}`,
      `--tmpdir=${join(folder, 'tmp')}`,
      `--user=${userInfo().username}`,
      `--socket=${socket}`,
      `--port=${port}`,
      `--bind-address=${address}`,
      `--server-id=${id}`,
      '--log-bin=binlog',
      `--pid-file=${join(folder, 'pid')}`,
      `--log-error=${log}`,
      '--innodb-log-file-size=4M',
      '--innodb-buffer-pool-size=16M',
      '--innodb-flush-log-at-trx-commit=0',
    ],
    { stdio: 'ignore' },
  );
  const ended = once(server, 'exit');
  const query = async (statement: string): Promise<string> => {
    const { stdout } = await execute('mysql', ['--no-defaults', `--socket=${socket}`, '-uroot', '-NBe', statement]);
    return stdout;
  };
  for (let attempt = 0; ; attempt++) {
    const answer = await query('SELECT 1').catch(() => undefined);
    if (answer !== undefined) break;
    if (attempt === 300 || server.exitCode !== null) {
      server.kill('SIGKILL');
      throw new Error(`mariadbd does not start: ${await readFile(log, 'utf8').catch(() => '')}`);
    }
    await sleep(100);
  }
  return {
    folder,
    socket,
    port,
    query,
    close: async () => {
      server.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
