import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTables } from './role-table.ts';

const roles = join(import.meta.dirname, '../../roles');

/** The roles whose variables are declared, which is all that there should be. */
export const documentedRoles = async (): Promise<string[]> =>
  (await readdir(roles)).map((name) => join(roles, name)).filter((role) => existsSync(join(role, 'README.md')));

// Run by itself it brings every README up to date.
if (process.argv[1] === import.meta.filename) {
  for (const role of await documentedRoles()) {
    const file = join(role, 'README.md');
    const text = await withTables(role);
    if (text !== (await readFile(file, 'utf8'))) {
      await writeFile(file, text);
      process.stdout.write(`${file}\n`);
    }
  }
}
