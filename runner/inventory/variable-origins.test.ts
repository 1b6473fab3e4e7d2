import { expect, test } from 'vitest';
import { folderForEachTest } from '../../test/support/folders.ts';
import { loadInventory } from './load-inventory.ts';
import { groupOrigins, hostOrigins } from './variable-origins.ts';

const directory = folderForEachTest('muster-origins-');

test.each([
  ['hosts.ini', '[web]\nweb1 port=80 color=red\n[web:vars]\nport=1\n', 'hosts.ini:2:', 'hosts.ini:4:'],
  [
    'hosts.yml',
    'web:\n  hosts:\n    web1: {port: 80, color: red}\n  vars:\n    port: 1\n',
    'hosts.yml:3:',
    'hosts.yml:5:',
  ],
])('tells of each variable in %s where it stands and what it hides', async (name, text, ofHost, ofGroup) => {
  directory.write(name, text);
  directory.write('group_vars/all.yml', 'color: blue\nsize: 3\n');
  directory.write('group_vars/web/one.yml', 'shape: round\n');
  directory.write('group_vars/web/two.yml', '\nsize: 4\n');
  directory.write('host_vars/web1.yml', 'size: 5\n');
  const loaded = await loadInventory({ sources: [directory.at(name)], keepsPlaces: true });
  const host = loaded.inventory.hosts.get('web1')!;
  const rows = hostOrigins(loaded, host).map(({ name: variable, value, level, place, isHidden }) => [
    variable,
    value,
    level,
    place?.slice(directory.path.length + 1).replace(/:\d+$/, ':'),
    isHidden,
  ]);
  expect(rows).toEqual([
    ['color', 'red', 'host', ofHost, false],
    ['color', 'blue', 'group_vars/all', 'group_vars/all.yml:1:', true],
    ['port', 80, 'host', ofHost, false],
    ['port', 1, 'group web', ofGroup, true],
    ['shape', 'round', 'group_vars/web', 'group_vars/web/one.yml:1:', false],
    ['size', 5, 'host_vars/web1', 'host_vars/web1.yml:1:', false],
    ['size', 4, 'group_vars/web', 'group_vars/web/two.yml:2:', true],
    ['size', 3, 'group_vars/all', 'group_vars/all.yml:2:', true],
  ]);
  const group = loaded.inventory.groups.get('web')!;
  expect(groupOrigins(loaded, group).map(({ name: variable, level }) => `${variable} ${level}`)).toEqual([
    'port group web',
    'shape group_vars/web',
    'size group_vars/web',
  ]);
});
