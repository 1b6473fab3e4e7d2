import type { Collector, Facts } from './collector.ts';
import { type DistroGuess, guessDistro, readAssignments } from './distro.ts';
import type { Dump } from './dump.ts';
import { familyOf } from './families.ts';
import { lsb } from './lsb.ts';

/** Reads one kind of file; undefined when the file is not of this kind after all. */
type Reader = (text: string, path: string, guess: Facts, dump: Dump, distro: DistroGuess) => Facts | undefined;

const inQuotes = (name: string, text: string): string | undefined => new RegExp(`${name}="(.*)"`).exec(text)?.[1];
const major = (version: string | undefined): string | undefined => version?.split('.')[0];

const named =
  (name: string, search: string): Reader =>
  (text) =>
    text.includes(search)
      ? { distribution: name, distribution_file_search_string: search }
      : { distribution: text.split(/\s+/)[0] };

const amazon: Reader = (text, path) => {
  if (!text.includes('Amazon')) return undefined;
  if (path !== '/etc/os-release') {
    return {
      distribution: 'Amazon',
      distribution_version: text.split(/\s+/).find((word) => /^\d+$/.test(word)) ?? 'NA',
    };
  }
  const version = inQuotes('VERSION_ID', text);
  return {
    distribution: 'Amazon',
    distribution_version: version,
    distribution_major_version: major(version),
    distribution_minor_version: version === undefined ? undefined : (version.split('.')[1] ?? 'NA'),
  };
};

const centos: Reader = (text) => {
  if (text.includes('CentOS Stream')) return { distribution_release: 'Stream' };
  return text.includes('TencentOS Server') ? { distribution: 'TencentOS' } : undefined;
};

const lsbStyle =
  (name: string): Reader =>
  (text) =>
    text.includes(name)
      ? {
          distribution: name,
          distribution_version: inQuotes('DISTRIB_RELEASE', text),
          distribution_release: inQuotes('DISTRIB_CODENAME', text),
        }
      : undefined;

const suse: Reader = (text, path, guess, dump) => {
  const lower = text.toLowerCase();
  if (!lower.includes('suse')) return undefined;
  const facts: Facts =
    path === '/etc/os-release' ? suseFromOsRelease(text, lower) : suseFromRelease(text, lower, guess);
  if ((dump.link('/etc/products.d/baseproduct') ?? '').endsWith('SLES_SAP.prod')) facts.distribution = 'SLES_SAP';
  return facts;
};

const suseFromOsRelease = (text: string, lower: string): Facts => {
  const facts: Facts = {};
  const name = /^NAME=(.*)/m.exec(text)?.[1];
  if (name !== undefined) facts.distribution = name.replace(/^"+|"+$/g, '');
  const version = /^VERSION_ID="?([0-9]+\.?[0-9]*)"?/m.exec(text)?.[1];
  if (version === undefined) return facts;
  facts.distribution_version = version;
  facts.distribution_major_version = major(version);
  const minor = version.split('.')[1] ?? '';
  if (lower.includes('open')) facts.distribution_release = minor;
  else if (lower.includes('enterprise')) facts.distribution_release = minor || '0';
  return facts;
};

const suseFromRelease = (text: string, lower: string, guess: Facts): Facts => {
  if (lower.includes('open')) {
    return {
      distribution: text.split(/\s+/)[0],
      distribution_release: /CODENAME *= *([^\n]+)/.exec(text)?.[1]?.trim(),
    };
  }
  if (!lower.includes('enterprise')) return {};
  const patch = /PATCHLEVEL = ([0-9]+)/.exec(text)?.[1];
  return {
    distribution: text.includes('Server') ? 'SLES' : text.includes('Desktop') ? 'SLED' : undefined,
    distribution_release: patch,
    distribution_version: patch === undefined ? undefined : `${guess.distribution_version}.${patch}`,
  };
};

const debian: Reader = (text, path, _guess, dump) => {
  const version = inQuotes('VERSION_ID', text);
  const codename = /VERSION_CODENAME="?([^"\n]+)"?/.exec(text)?.[1];
  const versioned = (distribution: string): Facts => ({
    distribution,
    distribution_version: version,
    distribution_major_version: major(version),
  });
  if (text.includes('Debian') || text.includes('Raspbian')) {
    return {
      distribution: 'Debian',
      distribution_release: /PRETTY_NAME=[^(]+ \(?([^)]+?)\)/.exec(text)?.[1],
      distribution_minor_version: /\d+\.(\d+)/.exec(dump.file('/etc/debian_version') ?? '')?.[1],
    };
  }
  if (text.includes('Ubuntu')) return { distribution: 'Ubuntu' };
  if (text.includes('SteamOS')) return { distribution: 'SteamOS' };
  if (/Kali|Parrot/.test(text) && /^\/etc\/(lsb|os)-release$/.test(path)) {
    return {
      distribution: text.includes('Kali') ? 'Kali' : 'Parrot',
      distribution_release: /DISTRIB_RELEASE=(.*)/.exec(text)?.[1],
    };
  }
  if (text.includes('Devuan')) {
    return {
      ...versioned('Devuan'),
      distribution_major_version: version,
      distribution_release: /PRETTY_NAME="?[^("]+ \(?([^) "]+)\)?/.exec(text)?.[1],
    };
  }
  if (text.includes('Cumulus')) {
    const plain = /VERSION_ID=(.*)/.exec(text)?.[1];
    return {
      distribution: 'Cumulus Linux',
      distribution_version: plain,
      distribution_major_version: major(plain),
      distribution_release: /VERSION="(.*)"/.exec(text)?.[1],
    };
  }
  if (text.includes('Mint')) return versioned('Linux Mint');
  if (/UOS|[Uu]os/.test(text)) return { ...versioned('Uos'), distribution_release: codename };
  return /[Dd]eepin/.test(text) ? { ...versioned('Deepin'), distribution_release: codename } : undefined;
};

const flatcar: Reader = (text, _path, _guess, _dump, distro) => {
  if (distro.id !== 'flatcar') return undefined;
  const version = /VERSION=(.*)/.exec(text)?.[1]?.replace(/^"+|"+$/g, '');
  return { distribution_version: version, distribution_major_version: major(version) };
};

const coreos: Reader = (text, _path, _guess, _dump, distro) =>
  distro.id === 'coreos' ? { distribution_release: /^GROUP=(.*)/.exec(text)?.[1]?.replace(/^"+|"+$/g, '') } : undefined;

const clearLinux: Reader = (text) => {
  const values = readAssignments(text.split('\n'));
  const name = values.get('name');
  if (!name?.includes('Clear Linux')) return undefined;
  return {
    distribution: name,
    distribution_version: values.get('version_id'),
    distribution_major_version: values.get('version_id'),
    distribution_release: values.get('id'),
  };
};

const unknownOne: Reader = (text, _path, guess) => {
  const trimmed = (name: string): string | undefined =>
    new RegExp(`^${name}=(.*)`, 'm').exec(text)?.[1]?.replace(/^"+|"+$/g, '');
  return {
    distribution: trimmed('NAME'),
    distribution_version: guess.distribution_version === 'NA' ? trimmed('VERSION') : undefined,
  };
};

// In Ansible's order: the first file that is there and of its kind decides. No reader: being there is enough.
const files: readonly (readonly [path: string, name: string, reader?: Reader])[] = [
  ['/etc/altlinux-release', 'Altlinux', named('Altlinux', 'ALT')],
  ['/etc/oracle-release', 'OracleLinux', named('OracleLinux', 'Oracle Linux')],
  [
    '/etc/slackware-version',
    'Slackware',
    (text) =>
      text.includes('Slackware')
        ? { distribution: 'Slackware', distribution_version: /\w+[.]\w+\+?/.exec(text)?.[0] }
        : undefined,
  ],
  ['/etc/centos-release', 'CentOS', centos],
  ['/etc/redhat-release', 'RedHat', named('RedHat', 'Red Hat')],
  ['/etc/vmware-release', 'VMwareESX'],
  ['/etc/openwrt_release', 'OpenWrt', lsbStyle('OpenWrt')],
  ['/etc/os-release', 'Amazon', amazon],
  ['/etc/system-release', 'Amazon', amazon],
  ['/etc/alpine-release', 'Alpine', (text) => ({ distribution: 'Alpine', distribution_version: text })],
  ['/etc/arch-release', 'Archlinux'],
  ['/etc/os-release', 'Archlinux', (text) => (text.includes('Arch Linux') ? { distribution: 'Archlinux' } : undefined)],
  ['/etc/os-release', 'SUSE', suse],
  ['/etc/SuSE-release', 'SUSE', suse],
  ['/etc/gentoo-release', 'Gentoo', () => undefined],
  ['/etc/os-release', 'Debian', debian],
  ['/etc/lsb-release', 'Debian', debian],
  ['/etc/lsb-release', 'Mandriva', lsbStyle('Mandriva')],
  ['/etc/sourcemage-release', 'SMGL', named('SMGL', 'Source Mage GNU/Linux')],
  ['/usr/lib/os-release', 'ClearLinux', clearLinux],
  ['/etc/coreos/update.conf', 'Coreos', coreos],
  ['/etc/os-release', 'Flatcar', flatcar],
  ['/etc/os-release', 'NA', unknownOne],
];

export const distribution: Collector = {
  name: 'distribution',
  factNames: ['distribution_version', 'distribution_release', 'distribution_major_version', 'os_family'],
  files: [...new Set(files.map(([path]) => path)), '/etc/*-release', '/etc/*_version', '/etc/*-version'],
  exists: files.filter(([, , reader]) => !reader).map(([path]) => path),
  links: ['/etc/products.d/baseproduct'],
  quick: ({ mark }) =>
    `for m_f in /usr/lib/python3*/dist-packages /usr/lib/python3*/site-packages; do if [ -e "$m_f/distro/distro.py" ]; then ${mark('python distro')}; break; fi; done`,
  slow: lsb.slow!,
  read: (dump) => readDistribution(dump),
};

const readDistribution = (dump: Dump): Facts => {
  const distro = guessDistro(dump);
  const name = distro.id === 'amzn' ? 'Amazon' : distro.id === 'rhel' ? 'Redhat' : capitalize(distro.id);
  const version = distro.version || 'NA';
  const facts: Facts = {
    distribution: name || 'OtherLinux',
    distribution_version: version,
    distribution_release: distro.codename ?? 'NA',
    distribution_major_version: version.split('.')[0] || 'NA',
  };
  for (const [path, variety, reader] of files) {
    const text = dump.file(path);
    const found = reader
      ? text === undefined
        ? undefined
        : reader(text, path, facts, dump, distro)
      : dump.exists(path);
    if (found === undefined || found === false) continue;
    Object.assign(facts, { distribution: variety, distribution_file_path: path, distribution_file_variety: variety });
    if (found !== true) {
      facts.distribution_file_parsed = true;
      for (const [key, value] of Object.entries(found)) if (value !== undefined) facts[key] = value;
    }
    break;
  }
  facts.os_family = familyOf(String(facts.distribution));
  return facts;
};

const capitalize = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
