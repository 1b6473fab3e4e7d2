import type { ResultObject } from '../../../values/index.ts';
import type { Dump } from './dump.ts';

/**
 * Sizes of the mounted file systems. Those over a network may hang for ever, so each of them is asked on its own and
 * given up after `timeout` seconds; the local ones are asked all at once.
 */
export const mountScript = (mark: (name: string) => string, timeout: number): string => `m_tab=/etc/mtab
[ -e "$m_tab" ] || m_tab=/proc/mounts
${mark('mtab')}; cat "$m_tab"
${mark('findmnt')}; command -v findmnt >/dev/null && cat /proc/self/mountinfo
${mark('statfs')}
m_stat='%S %b %a %s %c %d %n'
set --
while read -r m_device m_mount m_type m_rest; do
case $m_device in /*|\\\\*|*:/*) ;; *) continue;; esac
case $m_mount in *\\\\*) m_mount=$(printf '%b.' "$m_mount"); m_mount=\${m_mount%.};; esac
case $m_type in
none) ;;
nfs*|cifs|smb*|fuse*|ceph|glusterfs|9p|afs|lustre) timeout ${timeout} stat -f -c "$m_stat" "$m_mount" 2>/dev/null || echo "timeout $m_mount" & ;;
*) set -- "$@" "$m_mount";;
esac
done <"$m_tab"
[ $# -gt 0 ] && stat -f -c "$m_stat" "$@" 2>/dev/null
wait`;

/** Identifiers of file systems, as lsblk tells them. */
export const uuidScript = (mark: string): string =>
  `command -v lsblk >/dev/null && { ${mark}; lsblk --list --noheadings --paths --output NAME,UUID --exclude 2 2>/dev/null; }`;

/** `ansible_mounts`, with the sizes of the file systems in bytes. */
export const readMounts = (dump: Dump): ResultObject => {
  const uuids = readUuids(dump);
  const bound = boundMounts(dump.section('findmnt') ?? '');
  const sizes = readSizes(dump.section('statfs') ?? '');
  const mounts = new Map<string, ResultObject>();
  for (const line of (dump.section('mtab') ?? '').split('\n')) {
    const fields = line.split(/\s+/).map(unescapeOctal);
    const [device = '', mount = '', fstype = '', options] = fields;
    if (options === undefined || fstype === 'none') continue;
    if (!/^[/\\]/.test(device) && !device.includes(':/')) continue;
    const isBound = bound.has(mount) && !/bind.*"/.test(options);
    const size = sizes.get(mount);
    mounts.set(mount, {
      mount,
      device,
      fstype,
      options: isBound ? `${options},bind` : options,
      ...(size === 'timeout' ? { note: 'Could not get extra information due to timeout' } : size),
      ...(size === 'timeout' ? {} : { uuid: uuids.get(device) ?? 'N/A' }),
    });
  }
  return { mounts: [...mounts.values()] };
};

const readUuids = (dump: Dump): Map<string, string> => {
  const found = new Map<string, string>();
  for (const line of (dump.section('lsblk') ?? '').split('\n')) {
    const [device, uuid] = line.trim().split(/\s+/);
    if (device && uuid && !found.has(device)) found.set(device, uuid);
  }
  // udev knows some that lsblk does not show.
  for (const [path, target] of dump.links()) {
    const device = `/dev/${target.slice(target.lastIndexOf('/') + 1)}`;
    if (path.startsWith('/dev/disk/by-uuid/') && !found.has(device)) found.set(device, path.slice(18));
  }
  return found;
};

/** Mount points that show a part of a file system: findmnt writes that part in brackets after the source. */
const boundMounts = (mountinfo: string): Set<string> =>
  new Set(
    mountinfo
      .split('\n')
      .map((line) => line.split(' '))
      .filter((fields) => fields[3] !== undefined && fields[3] !== '/')
      .map((fields) => unescapeOctal(fields[4] ?? '')),
  );

const readSizes = (text: string): Map<string, ResultObject | 'timeout'> => {
  const found = new Map<string, ResultObject | 'timeout'>();
  for (const line of text.split('\n')) {
    if (line.startsWith('timeout ')) {
      found.set(line.slice(8), 'timeout');
      continue;
    }
    const match = /^(\d+) (\d+) (-?\d+) (\d+) (\d+) (\d+) (.*)$/.exec(line);
    if (!match) continue;
    const [fragment, total, available, block, inodes, freeInodes] = match.slice(1, 7).map(Number) as number[];
    found.set(match[7]!, {
      size_total: fragment! * total!,
      size_available: fragment! * available!,
      block_size: block,
      block_total: total,
      block_available: available,
      block_used: total! - available!,
      inode_total: inodes,
      inode_available: freeInodes,
      inode_used: inodes! - freeInodes!,
    });
  }
  return found;
};

const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-9]{3})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
