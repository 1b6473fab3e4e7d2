/** What is needed to reach a server's hosts. */
export interface Reach {
  readonly port: number;
  readonly privateKey: string;
  readonly knownHosts: string;
}

const trust = ({ knownHosts }: Reach): string[] => [
  ...['-F', 'none'],
  ...['-o', 'IdentitiesOnly=yes'],
  ...['-o', `UserKnownHostsFile=${knownHosts}`],
];

/** Options of OpenSSH's clients, which never ask and only tell of errors; the port, which they call differently, is not in it. */
export const sshOptions = (reach: Reach): string[] => [
  ...trust(reach),
  ...['-i', reach.privateKey],
  ...['-o', 'BatchMode=yes'],
  ...['-o', 'LogLevel=ERROR'],
];

/** An inventory of hosts, of which each has a line of its own. */
export const inventoryText = (reach: Reach, hosts: readonly string[], variables: readonly string[] = []): string =>
  [
    '[bench]',
    ...hosts,
    '[bench:vars]',
    `ansible_port=${reach.port}`,
    `ansible_ssh_private_key_file=${reach.privateKey}`,
    `ansible_ssh_common_args='${trust(reach).join(' ')}'`,
    'ansible_python_interpreter=/usr/bin/python3',
    ...variables,
    '',
  ].join('\n');
