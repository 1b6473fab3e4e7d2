import { type Collector, known } from './collector.ts';

// Names of the first process that stand for a service manager, and names that tell nothing.
const firstProcesses: Readonly<Record<string, string>> = {
  procd: 'openwrt_init',
  'runit-init': 'runit',
  svscan: 'svc',
  'openrc-init': 'openrc',
};

export const serviceManager: Collector = {
  name: 'service_mgr',
  needs: ['distribution', 'platform'],
  files: ['/proc/1/comm'],
  links: ['/sbin/init'],
  exists: ['/run/systemd/system', '/dev/.run/systemd', '/dev/.systemd', '/etc/init', '/sbin/openrc', '/etc/init.d'],
  quick: ({ mark }) =>
    `${mark('init tools')}; for m_tool in systemctl initctl; do command -v $m_tool >/dev/null && echo $m_tool; done`,
  read: (dump, facts) => {
    const tools = (dump.section('init tools') ?? '').split('\n');
    const first = baseName((dump.file('/proc/1/comm') ?? dump.link('/sbin/init') ?? '').trim());
    const tells = first !== '' && first !== 'init' && !first.endsWith('sh');
    return { service_mgr: tells ? (firstProcesses[first] ?? first) : guess() };

    function guess(): string {
      if (known(facts, 'distribution') === 'OpenWrt') return 'openwrt_init';
      const hasSystemctl = tools.includes('systemctl');
      if (hasSystemctl && ['/run/systemd/system', '/dev/.run/systemd', '/dev/.systemd'].some(dump.exists))
        return 'systemd';
      if (tools.includes('initctl') && dump.exists('/etc/init')) return 'upstart';
      if (dump.exists('/sbin/openrc')) return 'openrc';
      if (hasSystemctl && baseName(dump.link('/sbin/init') ?? '') === 'systemd') return 'systemd';
      return dump.exists('/etc/init.d') ? 'sysvinit' : 'service';
    }
  },
};

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

// The last one that is there counts, as in Ansible.
const packageManagers: readonly (readonly [path: string, name: string])[] = [
  ['/usr/bin/rpm-ostree', 'atomic_container'],
  ['/usr/bin/yum', 'yum'],
  ['/usr/bin/dnf', 'dnf'],
  ['/usr/bin/apt-get', 'apt'],
  ['/usr/bin/zypper', 'zypper'],
  ['/usr/sbin/urpmi', 'urpmi'],
  ['/usr/bin/pacman', 'pacman'],
  ['/bin/opkg', 'opkg'],
  ['/usr/pkg/bin/pkgin', 'pkgin'],
  ['/opt/local/bin/pkgin', 'pkgin'],
  ['/opt/tools/bin/pkgin', 'pkgin'],
  ['/opt/local/bin/port', 'macports'],
  ['/usr/local/bin/brew', 'homebrew'],
  ['/opt/homebrew/bin/brew', 'homebrew'],
  ['/sbin/apk', 'apk'],
  ['/usr/sbin/pkg', 'pkgng'],
  ['/usr/sbin/swlist', 'swdepot'],
  ['/usr/bin/emerge', 'portage'],
  ['/usr/sbin/pkgadd', 'svr4pkg'],
  ['/usr/bin/pkg', 'pkg5'],
  ['/usr/bin/xbps-install', 'xbps'],
  ['/usr/local/sbin/pkg', 'pkgng'],
  ['/usr/bin/swupd', 'swupd'],
  ['/usr/sbin/sorcery', 'sorcery'],
  ['/usr/bin/installp', 'installp'],
  ['/QOpenSys/pkgs/bin/yum', 'yum'],
];

export const packageManager: Collector = {
  name: 'pkg_mgr',
  needs: ['distribution'],
  exists: [...packageManagers.map(([path]) => path), '/run/ostree-booted'],
  // An rpm that owns apt-get means APT-RPM.
  quick: ({ mark }) =>
    `[ -e /usr/bin/rpm ] && [ -e /usr/bin/apt-get ] && rpm -q --whatprovides /usr/bin/apt-get >/dev/null 2>&1 && { ${mark('apt rpm')}; }`,
  read: (dump, facts) => {
    const family = known(facts, 'os_family');
    const isThere = (name: string): boolean =>
      packageManagers.some(([path, called]) => called === name && dump.exists(path));
    const found = packageManagers.filter(
      ([path]) => dump.exists(path) && !(family === 'Altlinux' && path === '/usr/bin/pkg'),
    );
    const name = found.at(-1)?.[1] ?? 'unknown';
    if (family === 'RedHat') return { pkg_mgr: redHatManager(name) };
    if (family === 'Altlinux' && name === 'apt') return { pkg_mgr: 'apt_rpm' };
    const chosen = family === 'Debian' ? 'apt' : name;
    return { pkg_mgr: chosen === 'apt' && dump.section('apt rpm') !== undefined ? 'apt_rpm' : chosen };

    function redHatManager(otherwise: string): string {
      if (dump.exists('/run/ostree-booted')) return 'atomic_container';
      const distribution = known(facts, 'distribution');
      const major = Number(known(facts, 'distribution_major_version'));
      if (distribution !== 'Fedora' && distribution !== 'Amazon') return major < 8 ? 'yum' : 'dnf';
      if (Number.isNaN(major)) return 'dnf';
      const wanted = major < (distribution === 'Fedora' ? 23 : 2022) ? 'yum' : 'dnf';
      return isThere(wanted) ? wanted : otherwise;
    }
  },
};
