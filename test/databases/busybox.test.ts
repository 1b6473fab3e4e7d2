import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, openLab } from '../lab/lab.ts';
import { folderForAllTests } from '../support/folders.ts';
import { isRequired, lackingForBusybox, titled } from '../twins/needs.ts';
import { installMariadb, lackingForMariadb, type Mariadb, startMariadb } from './mariadb.ts';

const lacking = [...lackingForBusybox(), ...lackingForMariadb()];
const root = join(import.meta.dirname, '../..');

describe.runIf(isRequired || lacking.length === 0)(
  titled('the modules for MariaDB by way of a host that has busybox only', lacking),
  () => {
    const folder = folderForAllTests('muster-bare-databases-');
    let lab: Lab;
    let server: Mariadb;
    let address: string;
    beforeAll(async () => {
      lab = await openLab({ hosts: 1, kind: 'busybox' });
      address = lab.hosts[0]!.address.replace(/\d+$/, '1');
      server = await startMariadb(await installMariadb(folder.path), 1, address);
      await server.query(
        "CREATE USER remote@'%' IDENTIFIED BY 'far'; GRANT ALL ON *.* TO remote@'%' WITH GRANT OPTION",
      );
    }, 180_000);
    afterAll(() => Promise.all([lab?.close(), server?.close()]), 60_000);

    test('do all that needs no program of the host', { timeout: 120_000 }, async () => {
      const variables = JSON.stringify({ server: address, port: server.port });
      const args = ['run', '-i', lab.inventory, '-e', variables, join(import.meta.dirname, 'bare.yml')];
      const { code, text } = await new Promise<{ code: number; text: string }>((resolve) => {
        execFile(
          process.execPath,
          ['--import', 'tsx', join(root, 'runner/cli/main.ts'), ...args],
          { cwd: root, timeout: 100_000 },
          (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, text: stdout + stderr }),
        );
      });
      expect(code, text).toBe(0);
      expect(await server.query('SELECT name FROM shop.items')).toBe('tea\n');
    });
  },
);
