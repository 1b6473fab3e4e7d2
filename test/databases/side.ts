import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Sshd } from '../support/sshd.ts';
import type { Stage } from '../twins/play.ts';
import { type Mariadb, startMariadb } from './mariadb.ts';

/** A pair of servers, and what a program needs to play a playbook on them. */
export interface Side extends Stage {
  /** What differs between sides by nature, and what stands for it in a comparison. */
  readonly places: Readonly<Record<string, string>>;
  readonly servers: readonly [Mariadb, Mariadb];
  close(): Promise<void>;
}

/** Starts servers. With an ssh server the modules go through a connection to it, else they run here. */
export const openSide = async (fresh: string, directory: string, sshd?: Sshd): Promise<Side> => {
  const started = await Promise.allSettled([startMariadb(fresh, 1), startMariadb(fresh, 2)]);
  const close = async (): Promise<void> => {
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
  };
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  const [first, second] = started.map((one) => (one as PromiseFulfilledResult<Mariadb>).value) as [Mariadb, Mariadb];
  const inventory = join(directory, 'inventory.ini');
  const connection = sshd
    ? `ansible_host=${sshd.host} ansible_port=${sshd.port} ansible_user=${userInfo().username} ansible_ssh_private_key_file=${sshd.privateKey} ansible_ssh_common_args='-F none -o UserKnownHostsFile=${sshd.knownHosts} -o IdentitiesOnly=yes'`
    : 'ansible_connection=local ansible_python_interpreter=/usr/bin/python3';
  await writeFile(inventory, `[db]\nserver ${connection}\n`);
  return {
    inventory,
    directory,
    variables: { socket: first.socket, port: String(first.port), replica: second.socket, here: directory },
    places: {
      [first.folder]: 'FIRST',
      [second.folder]: 'SECOND',
      [String(first.port)]: 'PORT',
      [String(second.port)]: 'OTHER',
      [directory]: 'HERE',
    },
    servers: [first, second],
    close,
  };
};
