import { expect, it } from 'vitest';
import { folderForEachTest } from '../../../test/support/folders.ts';
import { findMissingFiles } from './files.ts';
import { loadSchedules } from './load.ts';

const directory = folderForEachTest('muster-schedules-');

/** What is said about a schedule with these entries. */
const missing = (entries: string): string[] => {
  directory.write('schedules.yml', `schedules:\n  - {name: job, schedule: "@1d", ${entries}}\n`);
  return findMissingFiles(loadSchedules(directory.at('schedules.yml'))).map(({ message }) => message);
};

it('finds playbooks and inventories in the folder and, where only named, below their own', () => {
  for (const name of ['here.yml', 'playbooks/site.yml', 'playbooks/sub/deep.yml', 'inventory/lab.ini', 'hosts']) {
    directory.write(name, '');
  }
  for (const playbook of ['here.yml', 'site', 'site.yml', 'playbooks/site.yml', 'ns.collection.play']) {
    expect([playbook, missing(`playbook: ${playbook}`)]).toEqual([playbook, []]);
  }
  for (const playbook of ['here', 'sub/deep.yml', 'lab', 'none.yml']) {
    expect(missing(`playbook: ${playbook}`)).toEqual([`'job': there is no playbook ${playbook}`]);
  }
  for (const inventory of ['hosts', 'lab', 'lab.ini', 'inventory/lab.ini', '"web1,"']) {
    expect([inventory, missing(`playbook: site, inventory: ${inventory}`)]).toEqual([inventory, []]);
  }
  for (const inventory of ['site', 'other/lab.ini']) {
    expect(missing(`playbook: site, inventory: ${inventory}`)).toEqual([`'job': there is no inventory ${inventory}`]);
  }
});

it('looks for files of passwords, and for the playbooks that a run requires', () => {
  directory.write('site.yml', '');
  directory.write('pass', 'x');
  expect(missing('playbook: site.yml, vault_password_file: [pass, ~/pass]')).toEqual([]);
  expect(missing('playbook: site.yml, vault_password_file: none, requires: [{playbook: check}]')).toEqual([
    "'job': there is no playbook check",
    "'job': there is no vault password file none",
  ]);
});
