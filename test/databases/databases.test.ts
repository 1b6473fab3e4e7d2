import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isRequired, titled } from '../twins/needs.ts';
import type { Player } from '../twins/play.ts';
import { outcomesOf, steadyText } from '../twins/results.ts';
import { type Ground, type Played, testOnServers } from '../twins/servers.ts';
import { installMariadb, lackingForMariadb } from './mariadb.ts';
import { isMeant } from './meant.ts';
import { openSide, type Side } from './side.ts';

const lacking = [
  ...lackingForMariadb(),
  ...['/usr/lib/python3/dist-packages/pymysql', '/usr/lib/python3/dist-packages/ansible_collections/community/mysql']
    .filter((path) => !existsSync(path))
    .map((path) => path.split('/').at(-1)!),
];

// What a check run finds, so that there is something to change and to remove.
const seed = `
  CREATE DATABASE shop; CREATE DATABASE archive; CREATE DATABASE copy;
  CREATE TABLE shop.goods (id INT PRIMARY KEY, name TEXT);
  CREATE USER app@localhost IDENTIFIED BY 'firstpass9';
  GRANT SELECT, INSERT ON shop.* TO app@localhost; GRANT UPDATE ON shop.goods TO app@localhost WITH GRANT OPTION;
`;

let fresh: string;

const open = async (name: string, { root, sshd, closers }: Ground): Promise<Side> => {
  const directory = join(root, name);
  await mkdir(directory);
  const opened = await openSide(fresh, directory, name.startsWith('ours') ? sshd : undefined);
  closers.push(opened.close);
  return opened;
};

const play = async (player: Player, side: Side, options: readonly string[] = []): Promise<Played> => {
  const { entries, code, log, modules } = await player(join(import.meta.dirname, 'site.yml'), side, options);
  return { outcomes: outcomesOf(entries, modules, side.places), code, log, state: await stateOf(side) };
};

describe.runIf(isRequired || lacking.length === 0)(
  titled('muster and ansible-playbook, on MariaDB servers', lacking),
  () => {
    const ours = testOnServers({
      name: 'databases',
      prepare: async ({ root }) => {
        fresh = await installMariadb(root);
      },
      playAll: async (player, name, ground) => {
        const [side, checkSide] = await Promise.all([open(name, ground), open(`${name}-check`, ground)]);
        await checkSide.servers[0].query(seed);
        const before = await stateOf(checkSide);
        const check = await play(player, checkSide, ['--check', '--diff']);
        return { real: await play(player, side), check, before };
      },
      isMeant,
      least: 90,
    });

    test('leave a dump of the tables', () => {
      expect(ours().real.state.join('\n')).toContain('CREATE TABLE `goods`');
    });

    test('keep passwords out of what is told', () => {
      const { outcomes, log } = ours().real;
      const told = JSON.stringify(outcomes) + log;
      for (const password of ['adminpass', 'replpass', 'anywhere9']) expect(told).not.toContain(password);
    });
  },
);

/** What is on a side's servers, and in the dumps that it wrote. */
const stateOf = async ({ servers, variables, places }: Side): Promise<string[]> => {
  const lines: string[] = [];
  for (const server of servers) {
    const accounts = (
      await server.query("SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE is_role = 'N' ORDER BY 1")
    )
      .trim()
      .split('\n');
    for (const account of accounts) {
      const grants = (await server.query(`SHOW GRANTS FOR ${account}; SHOW CREATE USER ${account}`)).trim().split('\n');
      lines.push(account, ...grants.sort());
    }
    lines.push(await server.query('SHOW DATABASES'));
    lines.push(
      await server.query(
        "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('max_connections', 'slow_query_log', 'long_query_time', 'init_connect')",
      ),
    );
    lines.push(await server.query('SHOW ALL SLAVES STATUS'));
  }
  const read = (name: string): Promise<Buffer> => readFile(join(variables.here!, name)).catch(() => Buffer.from(''));
  const packed = await read('shop.sql.gz');
  lines.push(packed.length > 0 ? gunzipSync(packed).toString() : 'no dump');
  lines.push((await read('both.sql')).toString().replace(/^-- Dump completed.*$/m, ''));
  return lines.flatMap((text) => text.split('\n')).map((line) => steadyText(line, places));
};
