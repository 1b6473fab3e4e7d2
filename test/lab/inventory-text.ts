import { join } from 'node:path';
import type { LabRecord } from './record.ts';

/** The inventory of a lab, in the form that muster and ansible-playbook both read. */
export const inventoryText = (record: LabRecord, directory: string): string => {
  const hosts = record.hosts.map(({ name, address }) => `${name} ansible_host=${address}`);
  const knownHosts = join(directory, 'known_hosts');
  const vars = [
    'ansible_user=root',
    `ansible_ssh_private_key_file=${join(directory, 'key')}`,
    `ansible_ssh_common_args='-F none -o UserKnownHostsFile=${knownHosts} -o IdentitiesOnly=yes'`,
    ...(record.kind !== 'busybox' ? ['ansible_python_interpreter=/usr/bin/python3'] : []),
  ];
  return `[lab]\n${hosts.join('\n')}\n\n[lab:vars]\n${vars.join('\n')}\n`;
};
