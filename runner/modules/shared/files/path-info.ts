import type { ResultObject } from '../../../values/index.ts';
import type { FileStat } from './file-stat.ts';
import { modeText } from './mode.ts';
import type { SelinuxContext } from './selinux.ts';

/** What results of modules that handle a file tell about it: owner, group, mode, size, state and the numbers. */
export const pathInfo = (stat: FileStat | undefined, context?: SelinuxContext): ResultObject => {
  if (!stat) return {};
  return {
    uid: stat.uid,
    gid: stat.gid,
    owner: stat.owner ?? String(stat.uid),
    group: stat.group ?? String(stat.gid),
    mode: modeText(stat.mode),
    state: stateOf(stat),
    size: stat.size,
    secontext: context?.current,
  };
};

/** Ansible's name for what stands at a path. */
export const stateOf = (stat: FileStat | undefined): 'absent' | 'link' | 'directory' | 'hard' | 'file' => {
  if (!stat) return 'absent';
  if (stat.type === 'link' || stat.type === 'directory') return stat.type;
  return stat.links > 1 ? 'hard' : 'file';
};
