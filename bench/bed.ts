import { writeFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { openSshd } from '../test/support/sshd.ts';
import { inventoryText, type Reach, sshOptions } from './reach.ts';

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

/** Starts the server; hosts and inventories lie below `directory`. */
export const openBed = async (directory: string, count: number): Promise<Bed> => {
  const user = userInfo().username;
  // All addresses of the loopback interface are hosts, and nothing else is let in.
  const settings = [
    `AllowUsers ${user}@127.*`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'MaxStartups 2000',
    'MaxSessions 100',
    'LogLevel ERROR',
    'Subsystem sftp internal-sftp',
  ];
  const server = await openSshd(settings, '0.0.0.0');
  await mkdir(directory, { recursive: true });
  const knownHosts = join(directory, 'known_hosts');
  await writeFile(knownHosts, `[127.*]:* ${await readFile(server.hostKeys.ed25519, 'utf8')}`);
  const hosts = Array.from({ length: count }, (_, index): BedHost => {
    const name = `h${String(index + 1).padStart(4, '0')}`;
    const address = `127.0.${1 + Math.floor(index / 200)}.${1 + (index % 200)}`;
    return { name, address, user, place: join(directory, 'hosts', name) };
  });
  const reach: Reach = { port: server.port, privateKey: server.privateKey, knownHosts };
  return {
    hosts,
    port: server.port,
    sshOptions: sshOptions(reach),
    inventory: (some, port = server.port) => {
      const path = join(directory, `inventory-${some}-${port}.ini`);
      const lines = hosts
        .slice(0, some)
        .map((one) => `${one.name} ansible_host=${one.address} ansible_user=${user} place=${one.place}`);
      writeFileSync(path, inventoryText({ ...reach, port }, lines));
      return path;
    },
    empty: async (some) => {
      for (const { place } of hosts.slice(0, some)) {
        await rm(place, { recursive: true, force: true });
        await mkdir(place, { recursive: true });
      }
    },
    close: () => server.close(),
  };
};
