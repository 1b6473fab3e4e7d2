import { lines, raw, type Script, sh, shellFunction } from '../../../connection/index.ts';
import { type AttributeArguments, type AttributePlan, noAttributes, planAttributes } from './attributes.ts';
import { type FileType, typeOfMode } from './file-stat.ts';
import type { Identity } from './identity.ts';
import { chmodWord } from './mode.ts';
import { die, type ReplyReader } from './reply.ts';
import type { SelinuxContext } from './selinux.ts';
import { type Times, touch } from './timestamps.ts';

/**
 * The distinct combinations of type, mode, owner and so on inside a folder. Names do not travel: what has to change is
 * found on the target again by these, so neither odd names nor their number matter.
 */
export interface TreeState {
  readonly classes: readonly TreeClass[];
}

interface TreeClass {
  readonly type: FileType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly context: SelinuxContext | undefined;
  readonly accessed: number;
  readonly modified: number;
  /** lsattr's flags, in a class of their own. */
  readonly flags: string | undefined;
  /** Seen by following links. */
  readonly isFollowed: boolean;
}

const listTree = shellFunction(
  'm_tree',
  `m_fmt=%f/%u/%g
case $3 in *t*) m_fmt=$m_fmt/%X/%Y;; *) m_fmt=$m_fmt/0/0;; esac
[ -e /sys/fs/selinux/enforce ] && m_fmt=$m_fmt/%C
m_all=$(find "$1" -mindepth 1 -exec stat -c "$m_fmt" -- {} + | sort -u)
printf '%s\\0' "$m_all"
case $3 in
  *a*) find "$1" -mindepth 1 ! -type l -exec lsattr -d -- {} + 2>/dev/null | cut -d' ' -f1 | sort -u;;
esac
printf '\\0'
case $2$m_all in
  L*a1ff*) find -L "$1" -mindepth 1 ! -type l -exec stat -L -c "$m_fmt" -- {} + 2>/dev/null | sort -u;;
esac
printf '\\0'`,
);

export interface TreeOptions {
  readonly follow: boolean;
  readonly times: boolean;
  readonly attributes: boolean;
}

/** Shell that prints what a folder's inside is like, the folder's path being in a shell variable. */
export const probeTree = (variable: `m_${string}`, options: TreeOptions): Script =>
  sh`${listTree} ${raw(`"$${variable}"`)} ${options.follow ? 'L' : 'P'} ${(options.times ? 't' : '') + (options.attributes ? 'a' : '') || '-'}`;

/** Reads what `probeTree` printed. */
export const readTree = (reader: ReplyReader): TreeState => {
  const own = classesOf(reader.field(), false);
  const flags = linesOf(reader.field()).map((line) => ({ ...emptyClass, flags: line.replaceAll('-', '') }));
  return { classes: [...own, ...flags, ...classesOf(reader.field(), true)] };
};

const emptyClass: TreeClass = {
  type: 'file',
  mode: 0,
  uid: 0,
  gid: 0,
  context: undefined,
  accessed: 0,
  modified: 0,
  flags: undefined,
  isFollowed: false,
};

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

const classesOf = (text: string, isFollowed: boolean): TreeClass[] =>
  linesOf(text).map((line) => {
    const [rawMode, uid, gid, accessed, modified, ...context] = line.split('/') as [string, ...string[]];
    const mode = Number.parseInt(rawMode, 16);
    const current = context.join('/');
    return {
      ...emptyClass,
      type: typeOfMode(mode),
      mode: mode & 0o7777,
      uid: Number(uid),
      gid: Number(gid),
      accessed: Number(accessed),
      modified: Number(modified),
      context: current === '' ? undefined : { current, byPolicy: undefined },
      isFollowed,
    };
  });

export interface TreePlan {
  readonly changed: boolean;
  readonly script: Script | undefined;
}

/** Compares everything inside a folder with the arguments. */
export const planTree = (
  tree: TreeState,
  args: AttributeArguments,
  identity: Identity,
  umask: number,
  times: Times,
  path: string,
): TreePlan => {
  const scripts: Script[] = [];
  for (const item of tree.classes) {
    const inside = sh`find ${item.isFollowed ? ['-L', path] : path} -mindepth 1`;
    if (item.flags !== undefined) {
      const { attributes } = planAttributes(
        { stat: { ...item, owner: undefined, group: undefined }, attributes: item.flags },
        { ...noAttributes, attributes: args.attributes },
        identity,
        umask,
        path,
      );
      if (attributes !== undefined)
        scripts.push(sh`${inside} ! -type l -exec chattr ${attributes} -- {} + || ${die} chattr`);
      continue;
    }
    const plan = planAttributes(
      { stat: { ...item, owner: undefined, group: undefined }, context: item.context },
      { ...args, attributes: undefined },
      identity,
      umask,
      path,
    );
    if (plan.changed) scripts.push(changeClass(inside, item, plan));
    if (isOff(item.modified, times.modified) || isOff(item.accessed, times.accessed)) {
      scripts.push(...touchTree(inside, times));
    }
  }
  return { changed: scripts.length > 0, script: scripts.length === 0 ? undefined : lines(...scripts) };
};

const isOff = (now: number, wanted: Times['modified']): boolean =>
  wanted === 'now' || (typeof wanted === 'number' && wanted !== now);

const typeLetters: Readonly<Record<FileType, string>> = {
  file: 'f',
  directory: 'd',
  link: 'l',
  char: 'c',
  block: 'b',
  fifo: 'p',
  socket: 's',
};

const changeClass = (inside: Script, item: TreeClass, plan: AttributePlan): Script => {
  const test = sh`-type ${typeLetters[item.type]} -user ${item.uid} -group ${item.gid} -perm ${chmodWord(item.mode)}`;
  const deref = item.isFollowed ? [] : ['-h'];
  const actions: Script[] = [];
  if (plan.context) {
    const options = ['-u', '-r', '-t', '-l'].flatMap((option, index) =>
      plan.context![index] === undefined ? [] : [option, plan.context![index]],
    );
    actions.push(sh`-exec chcon ${deref} ${options} -- {} +`);
  }
  if (plan.owner !== undefined) actions.push(sh`-exec chown ${deref} ${plan.owner} -- {} +`);
  if (plan.group !== undefined) actions.push(sh`-exec chgrp ${deref} ${plan.group} -- {} +`);
  if (plan.mode !== undefined) actions.push(sh`-exec chmod ${chmodWord(plan.mode)} -- {} +`);
  return sh`${inside} ${test} ${actions} || ${die} ${stepOf(plan)}`;
};

const stepOf = (plan: AttributePlan): string =>
  plan.owner !== undefined ? 'chown' : plan.group !== undefined ? 'chgrp' : plan.mode !== undefined ? 'chmod' : 'chcon';

const touchTree = (inside: Script, { modified, accessed }: Times): Script[] => {
  const one = (options: string[], time: Times['modified']): Script | undefined =>
    time === 'preserve' ? undefined : sh`${inside} -exec ${touch(options, time)} -- {} + || ${die} touch`;
  if (modified === accessed) return [one(['-c'], modified)].filter((script) => script !== undefined);
  return [one(['-c', '-m'], modified), one(['-c', '-a'], accessed)].filter((script) => script !== undefined);
};
