import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { folderForAllTests } from '../support/folders.ts';
import { withTables } from './role-table.ts';
import { documentedRoles } from './roles.ts';

const roles = await documentedRoles();

test('every role has a README and declares its variables', async () => {
  const folder = join(import.meta.dirname, '../../roles');
  for (const name of await readdir(folder)) {
    for (const file of ['README.md', 'meta/argument_specs.yml', 'defaults/main.yml'])
      expect(existsSync(join(folder, name, file)), `${name}/${file}`).toBe(true);
  }
});

test.each(roles.map((role) => [basename(role), role]))(
  "%s's table is current (npm run docs:roles)",
  async (_, role) => {
    expect(await readFile(join(role, 'README.md'), 'utf8')).toBe(await withTables(role));
  },
);

describe('a table', () => {
  const role = folderForAllTests('muster-role-');
  beforeAll(() => {
    role.write(
      'README.md',
      '# A role\n\n<!-- variables: made by npm run docs:roles -->\nold\n<!-- end of variables -->\n\nEnd.\n',
    );
    role.write('defaults/main.yml', 'a_size: 5\na_name: "{{ x | default(1) }}"\n');
  });
  const specs = (options: string): string =>
    role.write('meta/argument_specs.yml', `argument_specs:\n  main:\n    options:\n${options}`);

  test('has each variable with its type, default and inner options', async () => {
    specs(
      '      a_size: {type: int, default: 5, description: "How big, as in C(a|b)."}\n' +
        '      a_name: {description: [A name., Not long.], choices: [x, y]}\n' +
        '      a_list: {type: list, elements: dict, required: true, options: {part: {type: bool, default: false}}}\n',
    );
    expect(await withTables(role.path)).toBe(`# A role

<!-- variables: made by npm run docs:roles -->

| variable | type | default | what it is |
| --- | --- | --- | --- |
| \`a_size\` | int | \`5\` | How big, as in \`a\\|b\`. |
| \`a_name\` | str | \`{{ x \\| default(1) }}\` | A name. Not long. One of \`x\`, \`y\`. |
| \`a_list\` | list of dict | required |  |
| \`a_list[].part\` | bool | \`false\` |  |

<!-- end of variables -->

End.
`);
  });

  test('is refused where specs and defaults disagree', async () => {
    specs('      a_size: {type: int, default: 6}\n      a_name: {}\n');
    await expect(withTables(role.path)).rejects.toThrow('differ in the default of a_size');
    specs('      a_size: {type: int}\n');
    await expect(withTables(role.path)).rejects.toThrow('no argument spec declares: a_name');
  });
});
