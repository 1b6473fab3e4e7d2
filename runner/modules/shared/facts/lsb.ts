import type { Collector } from './collector.ts';

const labels: readonly (readonly [label: string, name: string])[] = [
  ['LSB Version:', 'release'],
  ['Distributor ID:', 'id'],
  ['Description:', 'description'],
  ['Release:', 'release'],
  ['Codename:', 'codename'],
];

const settings: readonly (readonly [setting: string, name: string])[] = [
  ['DISTRIB_ID', 'id'],
  ['DISTRIB_RELEASE', 'release'],
  ['DISTRIB_DESCRIPTION', 'description'],
  ['DISTRIB_CODENAME', 'codename'],
];

const pick = (
  lines: readonly string[],
  names: readonly (readonly [string, string])[],
  separator: string,
): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const line of lines) {
    const name = names.find(([label]) => line.includes(label))?.[1];
    const at = line.indexOf(separator);
    if (name !== undefined && at !== -1) found[name] = line.slice(at + 1).trim();
  }
  return found;
};

export const lsb: Collector = {
  name: 'lsb',
  files: ['/etc/lsb-release'],
  slow: ({ mark }) => `command -v lsb_release >/dev/null && { ${mark('lsb_release')}; lsb_release -a 2>/dev/null; }`,
  read: (dump) => {
    const printed = pick((dump.section('lsb_release') ?? '').split('\n'), labels, ':');
    const found = Object.keys(printed).length > 0 ? printed : pick(dump.lines('/etc/lsb-release'), settings, '=');
    if (found.release !== undefined) found.major_release = found.release.split('.')[0]!;
    for (const name of Object.keys(found)) found[name] = found[name]!.replace(/^['"\\]+|['"\\]+$/g, '');
    return { lsb: found };
  },
};
