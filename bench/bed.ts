import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A host of the bed: an address of this machine, and a directory that holds all of its state. */
export interface BedHost {
  readonly name: string;
  readonly address: string;
  readonly user: string;
  readonly place: string;
}

/** A real sshd of this machine that answers at an address for each host. */
export interface Bed {
  readonly hosts: readonly BedHost[];
  readonly port: number;
  /** Options of OpenSSH's clients to reach it with. */
  readonly sshOptions: readonly string[];
  /** An inventory file of the first hosts; another port leads through a proxy. */
  inventory(count: number, port?: number): string;
  /** Empties the directories of the first hosts. */
  empty(count: number): Promise<void>;
  close(): Promise<void>;
}

const sshdPath = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));

/** Starts the server, with everything it needs below `directory`. */
export const openBed = async (directory: string, count: number): Promise<Bed> => {
  if (!sshdPath) throw new Error('the bench needs sshd (Debian package openssh-server)');
  const file = (name: string): string => join(directory, name);
  const { username: user, uid } = userInfo();
  if (uid === 0) await mkdir('/run/sshd', { recursive: true });
  await mkdir(directory, { recursive: true });
  for (const key of ['host_key', 'key']) {
    await execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file(key)]);
  }
  const port = await freePort();
  const settings = [
    // All addresses of the loopback interface are hosts, and nothing else is let in.
    `ListenAddress 0.0.0.0:${port}`,
    `AllowUsers ${user}@127.*`,
    `HostKey ${file('host_key')}`,
    `AuthorizedKeysFile ${file('key.pub')}`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'StrictModes no',
    'PermitRootLogin yes',
    'PidFile none',
    'MaxStartups 2000',
    'MaxSessions 100',
    `Subsystem sftp internal-sftp`,
    '',
  ];
  await writeFile(file('sshd_config'), settings.join('\n'));
  const key = (await readFile(file('host_key.pub'), 'utf8')).trim();
  await writeFile(file('known_hosts'), `[127.*]:* ${key}\n`);
  const server = spawn(sshdPath, ['-D', '-f', file('sshd_config'), '-E', file('sshd.log')], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  await listening(port, () => server.exitCode !== null);
  const hosts = Array.from({ length: count }, (_, index): BedHost => {
    const name = `h${String(index + 1).padStart(4, '0')}`;
    const address = `127.0.${1 + Math.floor(index / 200)}.${1 + (index % 200)}`;
    return { name, address, user, place: join(directory, 'hosts', name) };
  });
  const sshOptions = ['-F', 'none', '-i', file('key'), ...sshSettings(file('known_hosts'))];
  return {
    hosts,
    port,
    sshOptions,
    inventory: (some, at = port) => {
      const path = file(`inventory-${some}-${at}.ini`);
      const lines = hosts.slice(0, some).map((one) => `${one.name} ansible_host=${one.address} place=${one.place}`);
      writeFileSync(path, `[bench]\n${lines.join('\n')}\n\n[bench:vars]\n${connectionVariables(file, user, at)}`);
      return path;
    },
    empty: async (some) => {
      for (const { place } of hosts.slice(0, some)) {
        await rm(place, { recursive: true, force: true });
        await mkdir(place, { recursive: true });
      }
    },
    close: async () => {
      server.kill();
      await ended;
    },
  };
};

const sshSettings = (knownHosts: string): string[] =>
  ['BatchMode=yes', 'IdentitiesOnly=yes', `UserKnownHostsFile=${knownHosts}`, 'LogLevel=ERROR'].flatMap((one) => [
    '-o',
    one,
  ]);

const connectionVariables = (
  file: (name: string) => string,
  user: string,
  port: number,
): string => `ansible_user=${user}
ansible_port=${port}
ansible_ssh_private_key_file=${file('key')}
ansible_ssh_common_args='-F none -o IdentitiesOnly=yes -o UserKnownHostsFile=${file('known_hosts')}'
ansible_python_interpreter=/usr/bin/python3
`;

/** A port that is free now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
};

/** Waits until something answers at a port. */
export const listening = async (port: number, hasEnded: () => boolean): Promise<void> => {
  for (let attempt = 0; !(await answers(port)); attempt++) {
    if (attempt === 500 || hasEnded()) throw new Error(`nothing answers at port ${port}`);
    await sleep(20);
  }
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
