import { shellFunction } from '../../../connection/index.ts';

export type FileType = 'file' | 'directory' | 'link' | 'char' | 'block' | 'fifo' | 'socket';

/** What stat tells of a file. */
export interface FileStat {
  readonly type: FileType;
  /** The permission bits, with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Undefined where the target knows no name for the number. */
  readonly owner: string | undefined;
  readonly group: string | undefined;
  readonly size: number;
  readonly inode: number;
  readonly device: number;
  readonly links: number;
  readonly accessed: number;
  readonly modified: number;
  readonly statusChanged: number;
  readonly blocks: number;
  readonly blockSize: number;
  readonly deviceType: number;
}

/** The -c format that GNU's and busybox' stat both have. Names and dates hold no slash. */
export const statFormat = '%s/%f/%u/%g/%i/%d/%h/%X/%Y/%Z/%b/%o/%t/%T/u=%U/g=%G/%x/%y/%z';

/** `m_stat [-L] FILE...`: a line for each file, in `statFormat`. */
export const stat = shellFunction(
  'm_stat',
  `case $1 in
  -L) shift; stat -L -c '${statFormat}' -- "$@";;
  *) stat -c '${statFormat}' -- "$@";;
esac`,
);

const types: Readonly<Record<number, FileType>> = {
  1: 'fifo',
  2: 'char',
  4: 'directory',
  6: 'block',
  8: 'file',
  10: 'link',
  12: 'socket',
};

/** The kind of file that a raw mode (st_mode) tells. */
export const typeOfMode = (rawMode: number): FileType => types[rawMode >> 12] ?? 'file';

/** Reads a line that `m_stat` printed. */
export const parseStat = (line: string): FileStat => {
  const [
    size,
    rawMode,
    uid,
    gid,
    inode,
    device,
    links,
    x,
    y,
    z,
    blocks,
    blockSize,
    major,
    minor,
    user,
    group,
    ...times
  ] = line.trim().split('/') as [string, ...string[]];
  const mode = Number.parseInt(rawMode!, 16);
  return {
    type: typeOfMode(mode),
    mode: mode & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    owner: nameIn(user!),
    group: nameIn(group!),
    size: Number(size),
    inode: Number(inode),
    device: Number(device),
    links: Number(links),
    accessed: withFraction(x!, times[0]),
    modified: withFraction(y!, times[1]),
    statusChanged: withFraction(z!, times[2]),
    blocks: Number(blocks),
    blockSize: Number(blockSize),
    deviceType: deviceNumber(Number.parseInt(major!, 16), Number.parseInt(minor!, 16)),
  };
};

const nameIn = (field: string): string | undefined => {
  const name = field.slice(2);
  return name === 'UNKNOWN' || name === '' ? undefined : name;
};

/** Seconds from one field, their fraction from the date's text, where it has one. */
const withFraction = (seconds: string, date = ''): number => {
  const fraction = /\.\d+/.exec(date)?.[0] ?? '';
  return Number(seconds + fraction);
};

/** Linux' encoding of a device number. */
const deviceNumber = (major: number, minor: number): number =>
  ((minor & 0xff) | ((major & 0xfff) << 8)) + (minor & ~0xff) * 0x1000;
