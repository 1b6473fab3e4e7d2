import { float, type ResultObject } from '../../../values/index.ts';
import type { FileStat, FileType } from './file-stat.ts';

const kinds: Readonly<Record<string, FileType>> = {
  isdir: 'directory',
  ischr: 'char',
  isblk: 'block',
  isreg: 'file',
  isfifo: 'fifo',
  islnk: 'link',
  issock: 'socket',
};

/** A file's stat as the modules stat and find tell it. */
export const statResult = (stat: FileStat): ResultObject => {
  const has = (bit: number): boolean => (stat.mode & bit) !== 0;
  return {
    mode: stat.mode.toString(8).padStart(4, '0'),
    ...Object.fromEntries(Object.entries(kinds).map(([name, type]) => [name, stat.type === type])),
    uid: stat.uid,
    gid: stat.gid,
    size: stat.size,
    inode: stat.inode,
    dev: stat.device,
    nlink: stat.links,
    atime: seconds(stat.accessed),
    mtime: seconds(stat.modified),
    ctime: seconds(stat.statusChanged),
    wusr: has(0o200),
    rusr: has(0o400),
    xusr: has(0o100),
    wgrp: has(0o020),
    rgrp: has(0o040),
    xgrp: has(0o010),
    woth: has(0o002),
    roth: has(0o004),
    xoth: has(0o001),
    isuid: has(0o4000),
    isgid: has(0o2000),
  };
};

/** Times are floats, also those without a fraction. */
const seconds = (time: number): ReturnType<typeof float> => float(time);
