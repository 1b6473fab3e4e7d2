import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type Connection, type Session } from 'ssh2';

export interface EmbeddedOptions {
  readonly hosts: number;
  /** Milliseconds that each answer of a host is held back, as on a slow network. */
  readonly latencyMs?: number;
}

/**
 * Hosts of a kind for machines without root: one ssh server in this process, in which each "host" is a user name that
 * gets a private directory as its home. Commands run as this process's own user on this machine's own file system, so
 * playbooks for it must keep to the home directory.
 */
export interface EmbeddedHosts {
  readonly directory: string;
  readonly inventory: string;
  readonly port: number;
  readonly hosts: readonly { readonly name: string; readonly home: string }[];
  readonly counts: { connections: number; commands: number };
  close(): Promise<void>;
}

export const openEmbeddedHosts = async ({ hosts: count, latencyMs = 0 }: EmbeddedOptions): Promise<EmbeddedHosts> => {
  const directory = await mkdtemp(join(tmpdir(), 'muster-embedded-'));
  const hostKey = ssh2.utils.generateKeyPairSync('ed25519');
  const userKey = ssh2.utils.generateKeyPairSync('ed25519');
  const counts = { connections: 0, commands: 0 };
  const hosts = Array.from({ length: count }, (_, index) => {
    const name = `host${index + 1}`;
    return { name, home: join(directory, 'hosts', name) };
  });
  await Promise.all(hosts.map(({ home }) => mkdir(join(home, 'tmp'), { recursive: true, mode: 0o700 })));
  const homes = new Map(hosts.map(({ name, home }) => [name, home]));
  const clients = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
    counts.connections++;
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('error', () => {});
    serve(client, homes, userKey.public, latencyMs, counts);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const key = join(directory, 'key');
  await writeFile(key, userKey.private, { mode: 0o600 });
  await chmod(key, 0o600);
  await writeFile(join(directory, 'known_hosts'), `[127.0.0.1]:${port} ${hostKey.public}\n`);
  const inventory = join(directory, 'inventory.ini');
  await writeFile(inventory, inventoryText(directory, port, hosts));
  return {
    directory,
    inventory,
    port,
    hosts,
    counts,
    close: async () => {
      for (const client of clients) client.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(directory, { recursive: true, force: true });
    },
  };
};

const inventoryText = (directory: string, port: number, hosts: EmbeddedHosts['hosts']): string => {
  const lines = hosts.map(({ name }) => `${name} ansible_user=${name}`);
  const args = `-F none -o UserKnownHostsFile=${join(directory, 'known_hosts')} -o IdentitiesOnly=yes`;
  return `[lab]
${lines.join('\n')}

[lab:vars]
ansible_host=127.0.0.1
ansible_port=${port}
ansible_ssh_private_key_file=${join(directory, 'key')}
ansible_ssh_common_args='${args}'
`;
};

const serve = (
  client: Connection,
  homes: ReadonlyMap<string, string>,
  publicKey: string,
  latencyMs: number,
  counts: EmbeddedHosts['counts'],
): void => {
  const allowed = ssh2.utils.parseKey(publicKey);
  if (allowed instanceof Error || Array.isArray(allowed)) throw new Error('the server cannot read its own key');
  let home: string | undefined;
  client.on('authentication', (attempt) => {
    home = homes.get(attempt.username);
    const isRight =
      home !== undefined &&
      attempt.method === 'publickey' &&
      attempt.key.data.equals(allowed.getPublicSSH()) &&
      (!attempt.signature || allowed.verify(attempt.blob!, attempt.signature, attempt.hashAlgo));
    if (isRight) attempt.accept();
    else attempt.reject(['publickey']);
  });
  client.on('session', (accept) => serveSession(accept(), () => home!, latencyMs, counts));
  client.on('tcpip', (accept, reject, { destIP, destPort }) => {
    const socket = connect(destPort, destIP);
    socket.once('error', () => reject());
    socket.once('connect', () => {
      const channel = accept();
      channel.pipe(socket).pipe(channel);
      socket.on('error', () => channel.close());
    });
  });
};

const serveSession = (
  session: Session,
  homeOf: () => string,
  latencyMs: number,
  counts: EmbeddedHosts['counts'],
): void => {
  session.on('env', (accept) => accept?.());
  session.on('signal', (accept) => accept?.());
  session.on('exec', (accept, _reject, { command }) => {
    counts.commands++;
    const channel = accept();
    const home = homeOf();
    mkdirSync(join(home, 'tmp'), { recursive: true });
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home, TMPDIR: join(home, 'tmp'), USER: process.env.USER, LANG: 'C.UTF-8' },
      stdio: 'pipe',
    });
    const later = (work: () => void): void => void (latencyMs === 0 ? work() : setTimeout(work, latencyMs));
    child.stdin.on('error', () => {});
    channel.on('data', (chunk: Buffer) => {
      if (!child.stdin.write(chunk)) {
        channel.pause();
        child.stdin.once('drain', () => channel.resume());
      }
    });
    channel.on('end', () => child.stdin.end());
    channel.on('error', () => {});
    channel.on('close', () => child.kill('SIGHUP'));
    for (const [from, to] of [
      [child.stdout, channel],
      [child.stderr, channel.stderr],
    ] as const) {
      from.on('data', (chunk: Buffer) => later(() => void (channel.writable && to.write(chunk))));
    }
    child.on('error', () => channel.close());
    child.on('close', (code, signal) =>
      later(() => {
        if (!channel.writable) return;
        if (code === null) channel.exit(signal ?? 'KILL');
        else channel.exit(code);
        channel.end();
      }),
    );
  });
};
