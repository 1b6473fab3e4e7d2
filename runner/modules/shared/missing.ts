/** The packages, by Debian's names, that tools come with; tools of other systems' package managers come with the system. */
const packages: Readonly<Record<string, string>> = {
  'apt-get': 'apt',
  'apt-key': 'apt',
  blkid: 'util-linux',
  crontab: 'cron',
  'debconf-set-selections': 'debconf',
  'debconf-show': 'debconf',
  dpkg: 'dpkg',
  getent: 'libc-bin',
  git: 'git',
  gpg: 'gnupg',
  groupadd: 'passwd',
  ip6tables: 'iptables',
  iptables: 'iptables',
  lvm: 'lvm2',
  modprobe: 'kmod',
  mysql: 'default-mysql-client',
  mysqldump: 'default-mysql-client',
  npm: 'npm',
  parted: 'parted',
  rpm: 'rpm',
  setfacl: 'acl',
  setsebool: 'policycoreutils',
  sysctl: 'procps',
  systemctl: 'systemd',
  ufw: 'ufw',
  'update-alternatives': 'dpkg',
  useradd: 'passwd',
  userdel: 'passwd',
  usermod: 'passwd',
  vgs: 'lvm2',
  virtualenv: 'virtualenv',
};

/** Says that the host lacks a tool, and what to install for it. */
export const missingText = (tool: string): string => {
  const name = Object.hasOwn(packages, tool) ? packages[tool] : undefined;
  return `Failed to find required executable "${tool}" on the host${name === undefined ? '' : `: install the package ${name}`}`;
};
