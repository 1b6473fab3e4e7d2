import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderForAllTests } from '../support/folders.ts';
import { addTestUser, isRoot, openSshd } from '../support/sshd.ts';
import { isRequired, titled } from '../twins/needs.ts';
import { playMuster } from '../twins/play.ts';
import { installMariadb, lackingForMariadb } from './mariadb.ts';
import { openSide, type Side } from './side.ts';

const lacking = [...(isRoot ? [] : ['root']), ...lackingForMariadb()];

describe.runIf(isRequired || lacking.length === 0)(titled('logins at a MariaDB server, through ssh', lacking), () => {
  const root = folderForAllTests('muster-databases-');
  const closers: (() => Promise<unknown>)[] = [];
  let side: Side;

  beforeAll(async () => {
    const sshd = await openSshd();
    closers.push(sshd.close);
    side = await openSide(await installMariadb(root.path), root.path, sshd);
    closers.push(side.close);
  }, 120_000);
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  test('are those of the user of the task, of option files, and of root', async () => {
    const user = await addTestUser();
    closers.push(user.close);
    await side.servers[0].query(
      `CREATE USER '${user.name}'@'localhost' IDENTIFIED VIA unix_socket; CREATE USER tcp@'127.0.0.1' IDENTIFIED BY 'tcppass'`,
    );
    const { entries, code, log } = await playMuster(join(import.meta.dirname, 'logins.yml'), {
      ...side,
      variables: { ...side.variables, someone: user.name, home: user.home },
    });
    expect(entries.filter((entry) => entry.kind === 'result' && entry.status === 'failed')).toEqual([]);
    expect(code, log).toBe(0);
  }, 120_000);
});
