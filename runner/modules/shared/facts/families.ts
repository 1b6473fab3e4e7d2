// Distributions by the family that they belong to, with Ansible's names of both.
const families: Readonly<Record<string, string>> = {
  RedHat:
    'RedHat,RHEL,Fedora,CentOS,Scientific,SLC,Ascendos,CloudLinux,PSBM,OracleLinux,OVS,OEL,Amazon,Virtuozzo,XenServer,Alibaba,EulerOS,openEuler,AlmaLinux,Rocky,TencentOS,EuroLinux,Kylin Linux Advanced Server',
  Debian:
    'Debian,Ubuntu,Raspbian,Neon,KDE neon,Linux Mint,SteamOS,Devuan,Kali,Cumulus Linux,Pop!_OS,Parrot,Pardus GNU/Linux,Uos,Deepin,OSMC',
  Suse: 'SuSE,SLES,SLED,openSUSE,openSUSE Tumbleweed,SLES_SAP,SUSE_LINUX,openSUSE Leap',
  Archlinux: 'Archlinux,Antergos,Manjaro',
  Mandrake: 'Mandrake,Mandriva',
  Gentoo: 'Gentoo,Funtoo',
  ClearLinux: 'Clear Linux OS,Clear Linux Mix',
};

const familyByName = new Map(
  Object.entries(families).flatMap(([family, names]) =>
    names.split(',').map((name): [string, string] => [name, family]),
  ),
);

/** The family of a distribution; one that belongs to none is its own. */
export const familyOf = (distribution: string): string => familyByName.get(distribution) ?? distribution;
