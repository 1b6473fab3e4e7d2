import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** An OpenSSH server of this machine for one test, on a loopback port, with keys of its own. */
export interface Sshd {
  readonly host: string;
  readonly port: number;
  /** The private key that every user logs in with. */
  readonly privateKey: string;
  /** The server's public host key files, by kind. */
  readonly hostKeys: { readonly ed25519: string; readonly rsa: string };
  /** A known_hosts file that knows this server. */
  readonly knownHosts: string;
  readonly directory: string;
  log(): Promise<string>;
  close(): Promise<void>;
}

/** A port that is free now. */
export const freePort = async (host = '127.0.0.1'): Promise<number> => {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
};

const sshdPath = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));

/**
 * Starts a server; `settings` are further lines of its configuration, which win over the usual ones. `within` gives the
 * words of a command that runs another one somewhere else, once all files of the server are there.
 */
export const openSshd = async (
  settings: readonly string[] = [],
  host = '127.0.0.1',
  within: () => Promise<readonly string[]> = async () => [],
): Promise<Sshd> => {
  if (!sshdPath) throw new Error('this test needs sshd (Debian package openssh-server)');
  const directory = await mkdtemp(join(tmpdir(), 'muster-sshd-'));
  // Users that log in must be able to read the list of keys.
  await chmod(directory, 0o755);
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true });
  const file = (name: string): string => join(directory, name);
  await Promise.all([
    execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file('host_ed25519')]),
    execute('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-C', '', '-f', file('host_rsa')]),
    execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file('key')]),
  ]);
  await copyFile(file('key.pub'), file('authorized_keys'));
  const port = await freePort(host);
  await writeFile(
    file('config'),
    [
      ...settings,
      `ListenAddress ${host.includes(':') ? `[${host}]` : host}:${port}`,
      `HostKey ${file('host_ed25519')}`,
      `HostKey ${file('host_rsa')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      'StrictModes no',
      'PermitRootLogin yes',
      'PidFile none',
      'MaxStartups 200',
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  );
  const publicKey = (await readFile(file('host_ed25519.pub'), 'utf8')).trim();
  await writeFile(file('known_hosts'), `[${host}]:${port} ${publicKey}\n`);
  const [program = sshdPath, ...words] = [...(await within()), sshdPath];
  const server = spawn(program, [...words, '-D', '-f', file('config'), '-E', file('log')], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  for (let attempt = 0; !(await isListening(host, port)); attempt++) {
    if (attempt === 100 || server.exitCode !== null) {
      throw new Error(`sshd does not start: ${await readFile(file('log'), 'utf8').catch(() => '')}`);
    }
    await sleep(20);
  }
  return {
    host,
    port,
    privateKey: file('key'),
    hostKeys: { ed25519: file('host_ed25519.pub'), rsa: file('host_rsa.pub') },
    knownHosts: file('known_hosts'),
    directory,
    log: () => readFile(file('log'), 'utf8'),
    close: async () => {
      server.kill();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
};

const isListening = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** A user of this machine for one test. */
export interface TestUser {
  readonly name: string;
  readonly password: string;
  readonly home: string;
  close(): Promise<void>;
}

export interface TestUserOptions {
  readonly shell?: string;
  /** What stands in sudoers after the user's name, such as `ALL=(ALL) NOPASSWD: ALL`. */
  readonly sudo?: string;
}

export const isRoot = userInfo().uid === 0;

/** Makes a user; needs root. */
export const addTestUser = async ({ shell = '/bin/sh', sudo }: TestUserOptions = {}): Promise<TestUser> => {
  const name = `muster${randomBytes(4).toString('hex')}`;
  const password = randomBytes(8).toString('hex');
  const sudoers = `/etc/sudoers.d/${name}`;
  await execute('useradd', ['-m', '-s', shell, name]);
  const change = execute('chpasswd');
  change.child.stdin?.end(`${name}:${password}\n`);
  await change;
  if (sudo !== undefined) await writeFile(sudoers, `${name} ${sudo}\n`, { mode: 0o440 });
  return {
    name,
    password,
    home: `/home/${name}`,
    close: async () => {
      await rm(sudoers, { force: true });
      await execute('pkill', ['-KILL', '-u', name]).catch(() => {});
      await execute('userdel', ['-r', '-f', name]).catch(() => {});
    },
  };
};
