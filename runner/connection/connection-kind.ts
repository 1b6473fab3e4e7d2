import { SourceError } from '../errors/index.ts';

export type ConnectionKind = 'ssh' | 'local';

const kinds: Readonly<Record<string, ConnectionKind>> = {
  ssh: 'ssh',
  smart: 'ssh',
  paramiko: 'ssh',
  paramiko_ssh: 'ssh',
  local: 'local',
};

// What people use instead where muster cannot go that way.
const hints: Readonly<Record<string, string>> = {
  docker: 'reach the container by ssh, or run docker commands on its host',
  podman: 'reach the container by ssh, or run podman commands on its host',
  buildah: 'reach the container by ssh, or run buildah commands on its host',
  kubectl: 'run kubectl commands on a host that has it',
  chroot: 'run chroot commands on its host',
  lxc: 'reach the container by ssh, or run lxc commands on its host',
  lxd: 'reach the container by ssh, or run lxc commands on its host',
  jail: 'reach the jail by ssh, or run jexec commands on its host',
  nspawn: 'reach the container by ssh, or run machinectl commands on its host',
  winrm: 'Windows hosts are not supported',
  psrp: 'Windows hosts are not supported',
  network_cli: 'network devices are not supported, only hosts with a POSIX sh',
  netconf: 'network devices are not supported, only hosts with a POSIX sh',
  httpapi: 'network devices are not supported, only hosts with a POSIX sh',
};

/** What a connection's name as playbooks write it means. Throws SourceError for one that muster does not have. */
export const connectionKind = (name: string): ConnectionKind => {
  const short = name.replace(/^ansible\.(?:builtin|legacy)\./, '');
  const kind = Object.hasOwn(kinds, short) ? kinds[short] : undefined;
  if (kind) return kind;
  const last = name.slice(name.lastIndexOf('.') + 1);
  throw new SourceError({
    message: `connection '${name}' is not supported`,
    expected: 'ssh or local',
    hint: Object.hasOwn(hints, last) ? hints[last] : undefined,
  });
};
