import { lines, type Script, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ResultObject } from '../../../values/index.ts';
import type { FileArguments } from './common-arguments.ts';
import type { FileStat } from './file-stat.ts';
import type { Identity } from './identity.ts';
import { chmodWord, modeText, resolveMode } from './mode.ts';
import { die } from './reply.ts';
import { contextScript, planContext, type SelinuxArguments, type SelinuxContext } from './selinux.ts';

/** The arguments that say how a file should be, apart from its content. */
export type AttributeArguments = Pick<FileArguments, 'mode' | 'owner' | 'group' | 'attributes'> & SelinuxArguments;

/** For files whose attributes are no concern of the task. */
export const noAttributes: AttributeArguments = {
  mode: undefined,
  owner: undefined,
  group: undefined,
  attributes: undefined,
  seuser: undefined,
  serole: undefined,
  setype: undefined,
  selevel: undefined,
};

/** What has to be set on one file, and how that shows in a diff. */
export interface AttributePlan {
  readonly changed: boolean;
  readonly owner: number | string | undefined;
  readonly group: number | string | undefined;
  readonly mode: number | undefined;
  readonly attributes: string | undefined;
  readonly context: readonly (string | undefined)[] | undefined;
  readonly before: ResultObject;
  readonly after: ResultObject;
}

/** What a file is now, as far as attributes go. */
export interface AttributeState {
  readonly stat: Pick<FileStat, 'type' | 'mode' | 'uid' | 'gid' | 'owner' | 'group'>;
  readonly attributes?: string;
  readonly context?: SelinuxContext | undefined;
}

/** Compares a file with the arguments. Throws ModuleFailure for users and groups that the target does not know. */
export const planAttributes = (
  state: AttributeState,
  args: AttributeArguments,
  identity: Identity,
  umask: number,
  path: string,
): AttributePlan => {
  const before: ResultObject = {};
  const after: ResultObject = {};
  const { stat } = state;
  const context = planContext(state.context, args, before, after);
  const owner = planOwner(stat, args, identity, path, before, after);
  const group = planGroup(stat, args, identity, path, before, after);
  let mode: number | undefined;
  // Linux has no modes of links.
  if (args.mode !== undefined && stat.type !== 'link') {
    const wanted = resolveMode(args.mode, { mode: stat.mode, isDirectory: stat.type === 'directory', umask }, path);
    if (wanted !== stat.mode) {
      before.mode = modeText(stat.mode);
      after.mode = modeText(wanted);
    }
    const isLostByChown = (owner !== undefined || group !== undefined) && (wanted & 0o6000) !== 0;
    if (wanted !== stat.mode || isLostByChown) mode = wanted;
  }
  const attributes = planFlags(state.attributes ?? '', args.attributes, before, after);
  return {
    changed: Object.keys(after).length > 0,
    owner,
    group,
    mode,
    attributes,
    context,
    before,
    after,
  };
};

const planOwner = (
  stat: AttributeState['stat'],
  { owner }: AttributeArguments,
  { uid, isUserMissing }: Identity,
  path: string,
  before: ResultObject,
  after: ResultObject,
): number | string | undefined => {
  if (owner === undefined || owner === '') return undefined;
  if (isUserMissing) throw new ModuleFailure(`chown failed: failed to look up user ${owner}`, { path });
  if (uid === undefined ? owner === stat.owner : uid === stat.uid) return undefined;
  before.owner = stat.uid;
  after.owner = uid ?? owner;
  return uid ?? owner;
};

const planGroup = (
  stat: AttributeState['stat'],
  { group }: AttributeArguments,
  { gid, isGroupMissing }: Identity,
  path: string,
  before: ResultObject,
  after: ResultObject,
): number | string | undefined => {
  if (group === undefined || group === '') return undefined;
  if (isGroupMissing) throw new ModuleFailure(`chgrp failed: failed to look up group ${group}`, { path });
  if (gid === undefined ? group === stat.group : gid === stat.gid) return undefined;
  before.group = stat.gid;
  after.group = gid ?? group;
  return gid ?? group;
};

const planFlags = (
  existing: string,
  wanted: string | undefined,
  before: ResultObject,
  after: ResultObject,
): string | undefined => {
  if (wanted === undefined) return undefined;
  const sign = /^[-+=]/.exec(wanted)?.[0] ?? '=';
  const flags = wanted.replace(/^[-+=]/, '');
  if (existing === flags && sign !== '-') return undefined;
  const has = (flag: string): boolean => existing.includes(flag);
  if (sign === '+' && [...flags].every(has)) return undefined;
  if (sign === '-' && ![...flags].some(has)) return undefined;
  before.attributes = existing;
  after.attributes = sign + flags;
  return sign + flags;
};

/** Shell that makes the planned changes to a file. A failing step is `chown`, `chgrp`, `chmod`, `chattr` or `chcon`. */
export const attributeScript = (plan: AttributePlan, path: string): Script | undefined => {
  const commands: Script[] = [];
  if (plan.context) commands.push(contextScript(plan.context, path));
  if (plan.owner !== undefined) commands.push(sh`chown -h ${plan.owner} -- ${path} || ${die} chown`);
  if (plan.group !== undefined) commands.push(sh`chgrp -h ${plan.group} -- ${path} || ${die} chgrp`);
  if (plan.mode !== undefined) commands.push(sh`chmod ${chmodWord(plan.mode)} -- ${path} || ${die} chmod`);
  if (plan.attributes !== undefined) {
    commands.push(sh`! command -v chattr >/dev/null || chattr ${plan.attributes} -- ${path} || ${die} chattr`);
  }
  return commands.length === 0 ? undefined : lines(...commands);
};
