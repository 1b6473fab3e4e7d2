import { float } from '../../../values/index.ts';
import type { Collector, Facts } from './collector.ts';

export const apparmor: Collector = {
  name: 'apparmor',
  exists: ['/sys/kernel/security/apparmor'],
  read: (dump) => ({
    apparmor: { status: dump.exists('/sys/kernel/security/apparmor') ? 'enabled' : 'disabled' },
  }),
};

export const fips: Collector = {
  name: 'fips',
  files: ['/proc/sys/crypto/fips_enabled'],
  read: (dump) => ({ fips: dump.file('/proc/sys/crypto/fips_enabled') === '1' }),
};

export const loadavg: Collector = {
  name: 'loadavg',
  files: ['/proc/loadavg'],
  read: (dump) => {
    const [one, five, fifteen] = (dump.file('/proc/loadavg') ?? '').split(' ');
    if (fifteen === undefined) return {};
    return { loadavg: { '1m': float(Number(one)), '5m': float(Number(five)), '15m': float(Number(fifteen)) } };
  },
};

export const capabilities: Collector = {
  name: 'caps',
  factNames: ['system_capabilities', 'system_capabilities_enforced'],
  slow: ({ mark }) => `command -v capsh >/dev/null && { ${mark('capsh')}; capsh --print 2>/dev/null; }`,
  read: (dump) => {
    const printed = dump.section('capsh');
    if (printed === undefined) return { system_capabilities_enforced: 'N/A', system_capabilities: 'N/A' };
    const current = /^Current:(.*)$/m.exec(printed)?.[1]?.trim();
    if (current === undefined) return { system_capabilities_enforced: 'NA', system_capabilities: [] };
    if (current === '=ep') return { system_capabilities_enforced: 'False', system_capabilities: [] };
    const names = (current.split('=')[1] ?? '').split(',').map((name) => name.trim());
    return { system_capabilities_enforced: 'True', system_capabilities: names };
  },
};

const rootInodes: Readonly<Record<string, string>> = { btrfs: '256', xfs: '128' };

export const chroot: Collector = {
  name: 'chroot',
  factNames: ['is_chroot'],
  files: ['/proc/mounts'],
  quick: ({ mark }) =>
    `${mark('root')}; stat -c '%d %i' / /proc/1/root/. 2>/dev/null; ${mark('debian_chroot')}; echo "$debian_chroot"`,
  read: (dump) => {
    if ((dump.section('debian_chroot') ?? '').trim() !== '') return { is_chroot: true };
    const [own, first] = (dump.section('root') ?? '').trim().split('\n');
    if (first !== undefined) return { is_chroot: own !== first };
    // Only root sees the first process's root; others judge by the inode that a file system's root has.
    const type =
      dump
        .lines('/proc/mounts')
        .find((line) => line.split(' ')[1] === '/')
        ?.split(' ')[2] ?? '';
    return { is_chroot: own?.split(' ')[1] !== (rootInodes[type] ?? '2') };
  },
};

/** Words of the kernel's command line: double or single quotes keep words together and stay in the text. */
const kernelWords = (line: string): string[] => line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];

export const cmdline: Collector = {
  name: 'cmdline',
  files: ['/proc/cmdline'],
  read: (dump) => {
    const line = dump.file('/proc/cmdline');
    if (line === undefined) return {};
    const last = new Map<string, string | true>();
    const all = new Map<string, string | true | (string | true)[]>();
    for (const word of kernelWords(line)) {
      const equals = word.indexOf('=');
      const name = equals === -1 ? word : word.slice(0, equals);
      const value = equals === -1 ? true : word.slice(equals + 1);
      last.set(name, value);
      const earlier = all.get(name);
      if (earlier === undefined || value === true) all.set(name, value);
      else all.set(name, Array.isArray(earlier) ? [...earlier, value] : [earlier, value]);
    }
    return { cmdline: last, proc_cmdline: all };
  },
};

export const dns: Collector = {
  name: 'dns',
  files: ['/etc/resolv.conf'],
  read: (dump) => ({ dns: readResolvConf(dump.lines('/etc/resolv.conf')) }),
};

const readResolvConf = (lines: readonly string[]): Facts => {
  const found: Facts = {};
  const nameservers: string[] = [];
  for (const line of lines) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (line.startsWith('#') || line.startsWith(';') || !word) continue;
    if (word === 'nameserver') {
      nameservers.push(...rest);
      found.nameservers = nameservers;
    } else if (word === 'domain' && rest.length > 0) found.domain = rest[0];
    else if (word === 'search' || word === 'sortlist') found[word] = rest;
    else if (word === 'options') {
      found.options = new Map(
        rest.map((option) => {
          const colon = option.indexOf(':');
          return colon === -1 ? [option, true] : [option.slice(0, colon), option.slice(colon + 1) || true];
        }),
      );
    }
  }
  return found;
};

export const environment: Collector = {
  name: 'env',
  read: (dump) => {
    const entries = (dump.section('environ') ?? '').split('\0').filter((entry) => entry.includes('='));
    return {
      env: new Map(
        entries.map((entry) => {
          const equals = entry.indexOf('=');
          return [entry.slice(0, equals), entry.slice(equals + 1)];
        }),
      ),
    };
  },
};

const keyKinds = ['dsa', 'rsa', 'ecdsa', 'ed25519'];
const keyFolders = ['/etc/ssh', '/etc/openssh', '/etc'];

export const sshKeys: Collector = {
  name: 'ssh_pub_keys',
  factNames: ['ssh_host_pub_keys', ...keyKinds.map((kind) => `ssh_host_key_${kind}_public`)],
  files: keyFolders.flatMap((folder) => keyKinds.map((kind) => `${folder}/ssh_host_${kind}_key.pub`)),
  read: (dump) => {
    const facts: Facts = {};
    for (const folder of keyFolders) {
      for (const kind of keyKinds) {
        const [type, key] = (dump.file(`${folder}/ssh_host_${kind}_key.pub`) ?? '').split(/\s+/);
        if (key === undefined) continue;
        facts[`ssh_host_key_${kind}_public`] = key;
        facts[`ssh_host_key_${kind}_public_keytype`] = type;
      }
      if (Object.keys(facts).length > 0) return facts;
    }
    return facts;
  },
};

const libraries = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/lib/*-linux-*', '/usr/lib/*-linux-*'];

const selinuxModes: Readonly<Record<string, string>> = { '1': 'enforcing', '0': 'permissive', '-1': 'disabled' };

export const selinux: Collector = {
  name: 'selinux',
  files: ['/sys/fs/selinux/enforce', '/sys/fs/selinux/policyvers', '/etc/selinux/config'],
  quick: ({ mark }) =>
    `${mark('libselinux')}; for m_f in ${libraries.map((folder) => `${folder}/libselinux.so.1`).join(' ')}; do [ -e "$m_f" ] && { echo 1; break; }; done`,
  read: (dump) => {
    const present = (dump.section('libselinux') ?? '').trim() === '1';
    const enforce = dump.file('/sys/fs/selinux/enforce');
    // Ansible can tell only through the library; where there is none there is no SELinux in use either.
    if (!present) return { selinux: { status: 'Missing selinux Python library' }, selinux_python_present: false };
    if (enforce === undefined) return { selinux: { status: 'disabled' }, selinux_python_present: true };
    const config = dump.lines('/etc/selinux/config').join('\n');
    const setting = (name: string): string | undefined => new RegExp(`^${name}=\\s*(\\S+)`, 'm').exec(config)?.[1];
    return {
      selinux: {
        status: 'enabled',
        policyvers: Number(dump.file('/sys/fs/selinux/policyvers') ?? 0),
        config_mode: setting('SELINUX')?.toLowerCase() ?? 'unknown',
        mode: selinuxModes[enforce] ?? 'unknown',
        type: setting('SELINUXTYPE') ?? 'unknown',
      },
      selinux_python_present: true,
    };
  },
};

export const user: Collector = {
  name: 'user',
  factNames: [
    'user_id',
    'user_uid',
    'user_gid',
    'user_gecos',
    'user_dir',
    'user_shell',
    'real_user_id',
    'effective_user_id',
    'effective_group_ids',
  ],
  files: ['/proc/self/status'],
  quick: ({ mark }) => `m_user=\${LOGNAME:-\${USER:-\${LNAME:-$USERNAME}}}
[ -n "$m_user" ] || m_user=$(id -un)
${mark('user')}; echo "$m_user"
getent passwd "$m_user" 2>/dev/null || grep "^$m_user:" /etc/passwd || { m_user=$(id -u); getent passwd "$m_user" 2>/dev/null || grep "^[^:]*:[^:]*:$m_user:" /etc/passwd; }`,
  read: (dump) => {
    const [name = '', entry = ''] = (dump.section('user') ?? '').split('\n');
    const [, , uid = '', gid = '', gecos = '', home = '', shell = ''] = entry.split(':');
    const ids = (field: string): number[] =>
      (dump.lines('/proc/self/status').find((line) => line.startsWith(`${field}:`)) ?? '')
        .split(/\s+/)
        .slice(1)
        .map(Number);
    const [realUser, effectiveUser] = ids('Uid');
    const [realGroup] = ids('Gid');
    return {
      user_id: name,
      user_uid: Number(uid),
      user_gid: Number(gid),
      user_gecos: gecos,
      user_dir: home,
      user_shell: shell,
      real_user_id: realUser,
      effective_user_id: effectiveUser,
      real_group_id: realGroup,
      effective_group_id: realGroup,
    };
  },
};

export const fibreChannel: Collector = {
  name: 'fibre_channel_wwn',
  files: ['/sys/class/fc_host/*/port_name'],
  read: (dump) => ({
    fibre_channel_wwn: dump
      .paths(/^\/sys\/class\/fc_host\//)
      .flatMap((path) => dump.lines(path).map((line) => line.trimEnd().slice(2))),
  }),
};

export const iscsi: Collector = {
  name: 'iscsi',
  files: ['/etc/iscsi/initiatorname.iscsi'],
  read: (dump) => ({
    iscsi_iqn:
      dump
        .lines('/etc/iscsi/initiatorname.iscsi')
        .find((line) => line.startsWith('InitiatorName='))
        ?.slice(14) ?? '',
  }),
};

export const nvme: Collector = {
  name: 'nvme',
  files: ['/etc/nvme/hostnqn'],
  read: (dump) => ({ hostnqn: dump.lines('/etc/nvme/hostnqn').find((line) => line.startsWith('nqn.')) ?? '' }),
};
