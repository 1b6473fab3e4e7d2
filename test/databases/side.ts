import type { Sshd } from '../support/sshd.ts';
import type { Stage } from '../twins/play.ts';
import { writeServerInventory } from '../twins/servers.ts';
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
  return {
    inventory: await writeServerInventory(directory, 'db', sshd),
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
