import { type Script, sh, shellFunction } from '../../../connection/index.ts';

/** How a kind of file system is made, measured and grown. */
export interface FileSystem {
  readonly name: string;
  readonly make: Script;
  /** A command that tells the size of what is on `$m_dev`, mounted at `$m_mount`, and how its output is read. */
  readonly size?: { readonly command: Script; read(output: string): number | undefined };
  readonly grow?: Script;
  /** It is grown by its mount point. */
  readonly growsMounted?: boolean;
}

/** Prints where a device is mounted first. */
export const mountOf = shellFunction(
  'm_mount_of',
  `if command -v findmnt >/dev/null; then findmnt --mtab --noheadings --output TARGET --source "$1" | head -n 1; return; fi
m_real=$(readlink -f "$1")
while read -r m_what m_where m_rest; do
if [ "$m_what" = "$1" ] || [ "$m_what" = "$m_real" ]; then printf '%b\\n' "$m_where"; return; fi
done </proc/mounts`,
);

/** A reader that multiplies the numbers that two patterns find. */
const product =
  (first: RegExp, second: RegExp) =>
  (output: string): number | undefined => {
    const [one, other] = [first.exec(output)?.[1], second.exec(output)?.[1]];
    return one === undefined || other === undefined ? undefined : Number(one) * Number(other);
  };

const single =
  (pattern: RegExp) =>
  (output: string): number | undefined => {
    const found = pattern.exec(output)?.[1];
    return found === undefined ? undefined : Number(found);
  };

const ext = (version: 2 | 3 | 4): FileSystem => ({
  name: `Ext${version}`,
  make: sh`mkfs.ext${version} -F`,
  size: { command: sh`tune2fs -l "$m_dev"`, read: product(/^Block count:\s*(\d+)/m, /^Block size:\s*(\d+)/m) },
  grow: sh`resize2fs`,
});

const ext4 = ext(4);

/** The kinds by their names in `fstype`. */
export const fileSystems: Readonly<Record<string, FileSystem>> = {
  ext2: ext(2),
  ext3: ext(3),
  ext4,
  ext4dev: ext4,
  xfs: {
    name: 'XFS',
    make: sh`mkfs.xfs -f`,
    size: {
      command: sh`xfs_info "\${m_mount:-$m_dev}"`,
      read: product(/^data\s*=\s*bsize=(\d+)/m, /^data\s*=.*\bblocks=(\d+)/m),
    },
    grow: sh`xfs_growfs`,
    growsMounted: true,
  },
  reiserfs: { name: 'Reiserfs', make: sh`mkfs.reiserfs -q` },
  btrfs: {
    name: 'Btrfs',
    make: sh`mkfs.btrfs -f`,
    size: { command: sh`btrfs filesystem usage -b "$m_mount"`, read: single(/^\s*Device size:\s*(\d+)/m) },
    grow: sh`btrfs filesystem resize max`,
    growsMounted: true,
  },
  ocfs2: { name: 'Ocfs2', make: sh`mkfs.ocfs2 -Fx` },
  f2fs: {
    name: 'F2fs',
    // Older ones ask nothing and know no -f.
    make: sh`mkfs.f2fs $(mkfs.f2fs /dev/null 2>&1 | grep -q 'Ver: 1\\.[0-8]\\.' || echo -f)`,
    size: {
      command: sh`dump.f2fs "$m_dev"`,
      read: product(/Info: sector size = (\d+)/, /Info: total FS sectors = (\d+)/),
    },
    grow: sh`resize.f2fs`,
  },
  vfat: {
    name: 'VFAT',
    make: sh`mkfs.vfat`,
    size: { command: sh`fatresize --info "$m_dev"`, read: single(/^(?:Cur size|Size):\s*(\d+)/m) },
    grow: sh`fatresize -s max`,
  },
  lvm: {
    name: 'LVM',
    make: sh`pvcreate -f`,
    size: {
      command: sh`pvs --noheadings -o pv_size --units b --nosuffix "$m_dev"`,
      read: single(/^\s*(\d+)/),
    },
    grow: sh`pvresize`,
  },
  swap: { name: 'Swap', make: sh`mkswap -f` },
  ufs: {
    name: 'UFS',
    make: sh`newfs`,
    size: { command: sh`dumpfs "$m_dev"`, read: product(/^fsize\s+(\d+)/m, /providersize\s+(\d+)/) },
    grow: sh`growfs -y`,
  },
};

/** The kind that blkid's word means; undefined for one that is not known here. */
export const kindOf = (found: string): FileSystem | undefined =>
  found === 'lvm' ? undefined : fileSystems[found === 'LVM2_member' ? 'lvm' : found];
