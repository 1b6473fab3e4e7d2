import type { Facts } from './collector.ts';
import type { Dump } from './dump.ts';
import { humanSize } from './human-size.ts';

const root = '/sys/block';
const ofDisk = [
  'device/vendor',
  'device/model',
  'device/sas_address',
  'device/sas_device_handle',
  'device/serial',
  'removable',
  'size',
  'queue/discard_granularity',
  'queue/rotational',
  'queue/scheduler',
  'queue/logical_block_size',
  'queue/hw_sector_size',
  'dm/name',
];

export const deviceFiles = [
  ...ofDisk.map((file) => `${root}/*/${file}`),
  `${root}/*/*/start`,
  `${root}/*/*/size`,
  `${root}/*/*/partition`,
];
export const deviceLinks = [`${root}/*`, '/dev/disk/by-id/*', '/dev/disk/by-uuid/*', '/dev/disk/by-label/*'];

/** Who sits on which disk: holders and slaves, by shell globs alone. */
export const deviceScript = (mark: string): string =>
  `${mark}; for m_f in ${root}/*/slaves/* ${root}/*/holders/* ${root}/*/*/holders/*; do [ -e "$m_f" ] && echo "$m_f"; done`;

/** Commands that tell more of disks, where they are installed. */
export const deviceCommands = (mark: (name: string) => string): string =>
  `command -v lspci >/dev/null && { ${mark('lspci')}; lspci -D 2>/dev/null; }
command -v sg_inq >/dev/null && { ${mark('sg_inq')}; for m_f in ${root}/*; do m_name=\${m_f##*/}; ${mark('sg_inq $m_name')}; sg_inq "/dev/$m_name" 2>/dev/null; done; }`;

type Links = Readonly<Record<'ids' | 'uuids' | 'labels' | 'masters', Map<string, string[]>>>;

/** `ansible_devices` and `ansible_device_links`. */
export const readDevices = (dump: Dump): Facts => {
  const owners = (dump.section('holders') ?? '').split('\n');
  const links: Links = {
    ids: linksOf(dump, '/dev/disk/by-id/'),
    uuids: linksOf(dump, '/dev/disk/by-uuid/'),
    labels: linksOf(dump, '/dev/disk/by-label/'),
    masters: mastersOf(owners),
  };
  const names = [...dump.links().keys()].filter((path) => /^\/sys\/block\/[^/]+$/.test(path)).map(baseName);
  const devices: Facts = {};
  for (const name of names) devices[name] = readDisk(dump, name, links, owners);
  return {
    devices,
    device_links: { ids: links.ids, uuids: links.uuids, labels: links.labels, masters: links.masters },
  };
};

const readDisk = (dump: Dump, name: string, links: Links, owners: readonly string[]): Facts => {
  const path = `${root}/${name}`;
  const file = (inner: string): string | null => dump.file(`${path}/${inner}`) ?? null;
  const wwn = links.ids.get(name)?.findLast((id) => id.startsWith('wwn-'));
  const serial =
    dump.section('sg_inq') === undefined
      ? file('device/serial')
      : /(?:Unit serial|Serial) number:\s+(\w+)/.exec(dump.section(`sg_inq ${name}`) ?? '')?.[1];
  const sectors = file('size') ?? 0;
  return {
    virtual: 1,
    links: linksTo(links, name),
    vendor: file('device/vendor'),
    model: file('device/model'),
    sas_address: file('device/sas_address'),
    sas_device_handle: file('device/sas_device_handle'),
    serial: serial || undefined,
    removable: file('removable'),
    support_discard: file('queue/discard_granularity'),
    wwn: wwn?.slice(4),
    partitions: readPartitions(dump, name, links, owners),
    rotational: file('queue/rotational'),
    scheduler_mode: /\[(.*)\]/.exec(file('queue/scheduler') ?? '')?.[1] ?? '',
    sectors,
    sectorsize: file('queue/logical_block_size') ?? file('queue/hw_sector_size') ?? 512,
    size: humanSize(Number(sectors) * 512),
    host: hostOf(dump, name),
    holders: holdersOf(dump, path, owners),
  };
};

const readPartitions = (dump: Dump, disk: string, links: Links, owners: readonly string[]): Facts => {
  const found: Facts = {};
  const prefix = `${root}/${disk}/`;
  for (const path of dump.paths(/\/start$/)) {
    if (!path.startsWith(prefix)) continue;
    const name = path.slice(prefix.length).split('/')[0]!;
    if (!name.startsWith(disk) || !/^p?\d+$/.test(name.slice(disk.length))) continue;
    const file = (inner: string): string | undefined => dump.file(`${prefix}${name}/${inner}`);
    const sectors = file('size') ?? 0;
    found[name] = {
      links: linksTo(links, name),
      start: file('start') ?? 0,
      sectors,
      sectorsize: 512,
      size: humanSize(Number(sectors) * 512),
      uuid: links.uuids.get(name)?.[0] ?? null,
      holders: holdersOf(dump, `${prefix}${name}`, owners),
    };
  }
  return found;
};

const linksTo = (links: Links, name: string): Facts =>
  Object.fromEntries(Object.entries(links).map(([kind, byName]) => [kind, byName.get(name) ?? []]));

const linksOf = (dump: Dump, folder: string): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  for (const [path, target] of dump.links()) {
    if (path.startsWith(folder)) addTo(found, baseName(target), path.slice(folder.length));
  }
  return sorted(found);
};

const mastersOf = (owners: readonly string[]): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  for (const path of owners) {
    const match = /^\/sys\/block\/([^/]+)\/slaves\/(.+)$/.exec(path);
    if (match) addTo(found, match[2]!, match[1]!);
  }
  return sorted(found);
};

const addTo = (lists: Map<string, string[]>, key: string, item: string): void => {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
};

const sorted = (lists: Map<string, string[]>): Map<string, string[]> => {
  for (const list of lists.values()) list.sort();
  return lists;
};

// Device mapper's holders are known by the names that people gave them.
const holdersOf = (dump: Dump, path: string, owners: readonly string[]): string[] =>
  owners
    .filter((owner) => owner.startsWith(`${path}/holders/dm-`))
    .map((owner) => dump.file(`${root}/${baseName(owner)}/dm/name`) ?? baseName(owner));

/** The line of lspci for the controller that the disk hangs on. */
const hostOf = (dump: Dump, name: string): string => {
  const target = dump.link(`${root}/${name}`) ?? '';
  const address = /.+\/([a-f0-9]{4}:[a-f0-9]{2}:[01|][a-f0-9]\.[0-7])\//.exec(target)?.[1];
  if (address === undefined) return '';
  const line = (dump.section('lspci') ?? '').split('\n').find((candidate) => candidate.startsWith(`${address} `));
  return line?.slice(address.length + 1) ?? '';
};

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
