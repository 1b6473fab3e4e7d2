import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../runner/values/index.ts';
import { openSshd, type Sshd } from '../support/sshd.ts';
import { isRequired, titled } from '../twins/needs.ts';
import { playAnsible, playMuster } from '../twins/play.ts';
import { differences, type Outcome, outcomesOf, steadyText } from '../twins/results.ts';
import { installMariadb, lackingForMariadb } from './mariadb.ts';
import { openSide, type Side } from './side.ts';

const lacking = [
  ...lackingForMariadb(),
  ...['/usr/lib/python3/dist-packages/pymysql', '/usr/lib/python3/dist-packages/ansible_collections/community/mysql']
    .filter((path) => !existsSync(path))
    .map((path) => path.split('/').at(-1)!),
];

interface Run {
  readonly outcomes: Outcome[];
  readonly code: number;
  readonly log: string;
  readonly state: string[];
}

interface Runs {
  readonly real: Run;
  readonly check: Run;
  /** What was on the servers of the check run before it. */
  readonly before: string[];
}

const minutes = 60_000;

// What a check run finds, so that there is something to change and to remove.
const seed = `
  CREATE DATABASE shop; CREATE DATABASE archive; CREATE DATABASE copy;
  CREATE TABLE shop.goods (id INT PRIMARY KEY, name TEXT);
  CREATE USER app@localhost IDENTIFIED BY 'firstpass9';
  GRANT SELECT, INSERT ON shop.* TO app@localhost; GRANT UPDATE ON shop.goods TO app@localhost WITH GRANT OPTION;
`;

describe.runIf(isRequired || lacking.length === 0)(
  titled('muster and ansible-playbook, on MariaDB servers', lacking),
  () => {
    const closers: (() => Promise<unknown>)[] = [];
    let ours: Runs;
    let theirs: Runs;
    let root: string;
    let sshd: Sshd;
    let fresh: string;

    const open = async (name: string): Promise<Side> => {
      const directory = join(root, name);
      await mkdir(directory);
      const opened = await openSide(fresh, directory, name.startsWith('ours') ? sshd : undefined);
      closers.push(opened.close);
      return opened;
    };

    const play = async (player: typeof playMuster, side: Side, options: readonly string[] = []): Promise<Run> => {
      const { entries, code, log, modules } = await player(join(import.meta.dirname, 'site.yml'), side, options);
      return { outcomes: outcomesOf(entries, modules, side.places), code, log, state: await stateOf(side) };
    };

    /** A run, and a check run on other servers. */
    const playAll = async (player: typeof playMuster, name: string): Promise<Runs> => {
      const [side, checkSide] = await Promise.all([open(name), open(`${name}-check`)]);
      await checkSide.servers[0].query(seed);
      const before = await stateOf(checkSide);
      const check = await play(player, checkSide, ['--check', '--diff']);
      return { real: await play(player, side), check, before };
    };

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'muster-databases-'));
      closers.push(() => rm(root, { recursive: true, force: true }));
      sshd = await openSshd();
      closers.push(sshd.close);
      fresh = await installMariadb(root);
      [ours, theirs] = await Promise.all([playAll(playMuster, 'ours'), playAll(playAnsible, 'theirs')]);
    }, 10 * minutes);
    afterAll(async () => {
      for (const close of closers.reverse()) await close();
    }, minutes);

    test('come to the end of the playbook', () => {
      for (const run of [ours.real, ours.check, theirs.real, theirs.check]) {
        expect(run.outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
        expect(run.code, run.log).toBe(0);
      }
      expect(ours.real.outcomes.length).toBeGreaterThan(90);
    });

    test('tell the same of each task', () => {
      expect(differences(ours.real.outcomes, theirs.real.outcomes, isMeant)).toEqual([]);
    });

    test('leave the same databases, users, variables and dumps', () => {
      expect(ours.real.state.join('\n')).toContain('CREATE TABLE `goods`');
      expect(ours.real.state).toEqual(theirs.real.state);
    });

    test('predict the same in a check run, and change nothing', () => {
      expect(differences(ours.check.outcomes, theirs.check.outcomes, isMeant)).toEqual([]);
      expect(ours.check.state).toEqual(ours.before);
    });

    test('keep passwords out of what is told', () => {
      const told = JSON.stringify(ours.real.outcomes) + ours.real.log;
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

/** What is meant to differ. */
const isMeant = ({ task, status }: Outcome, value: string, mine: Json | undefined, its: Json): boolean =>
  // The libraries tell of their own.
  /^connector_(name|version)$/.test(value) ||
  // A failure tells what was executed, and the server's reason; the words around that are each program's own.
  (status.startsWith('failed') && value === 'msg' && sameReason(mine, its)) ||
  // The command line is each program's own, and what matters of it shows in the dump.
  (task.startsWith('db ') && value === 'executed_commands' && /mysql/.test(JSON.stringify(its))) ||
  // Integers too large for JSON's numbers are told as text.
  isLarge(mine, its) ||
  // Ansible tells of the file that it sent.
  (task.startsWith('write ') && /^(src|diff)$/.test(value)) ||
  // What the servers do not have in common, counters, and places in logs, to which muster writes less.
  /Position$|_(Log|log)_(Pos|Space|File)|Seconds_Behind|Connection_id|gtid_\w+_(pos|state)$|server_uid$|port$|Running_State$|IO_State$/i.test(
    value,
  ) ||
  (task === 'replication from the primary' && value === 'queries' && sameButPlace(mine, its));

const isLarge = (mine: Json | undefined, its: Json): boolean =>
  JSON.stringify(mine)?.replace(/"(\d{16,})"/g, (_, digits: string) => String(Number(digits))) === JSON.stringify(its);

const sameButPlace = (mine: Json | undefined, its: Json): boolean => {
  const plain = (text: Json | undefined): string => JSON.stringify(text).replace(/LOG_POS=\d+/, 'LOG_POS');
  return plain(mine) === plain(its);
};

/** Both name the server's error by the same number, or none. */
const sameReason = (mine: Json | undefined, its: Json): boolean => {
  const number = (text: Json | undefined): string | undefined => /\((\d{4}),/.exec(String(text))?.[1];
  return number(mine) !== undefined && number(mine) === number(its);
};
