import { ModuleFailure } from '../../../errors/index.ts';
import type { AttributeArguments, AttributePlan } from './attributes.ts';
import type { FileType } from './file-stat.ts';
import type { Identity } from './identity.ts';
import { modeText, resolveMode } from './mode.ts';

/** The mode that a new file or folder has where nothing is asked. */
export const defaultMode = (type: FileType, umask: number): number => (type === 'directory' ? 0o777 : 0o666) & ~umask;

/** What has to be set on a file that is yet to be made: everything that was asked for. */
export const planFresh = (
  args: AttributeArguments,
  identity: Identity,
  umask: number,
  type: FileType,
  path: string,
): AttributePlan => {
  if (identity.isUserMissing) {
    throw new ModuleFailure(`chown failed: failed to look up user ${args.owner}`, { path });
  }
  if (identity.isGroupMissing) {
    throw new ModuleFailure(`chgrp failed: failed to look up group ${args.group}`, { path });
  }
  const base = { mode: defaultMode(type, umask), isDirectory: type === 'directory', umask };
  const selinux = [args.seuser, args.serole, args.setype, args.selevel].map((part) =>
    part === '_default' ? undefined : part,
  );
  const mode = args.mode === undefined || type === 'link' ? undefined : resolveMode(args.mode, base, path);
  const isOther = mode !== undefined && mode !== base.mode;
  return {
    changed: true,
    owner: args.owner ? (identity.uid ?? args.owner) : undefined,
    group: args.group ? (identity.gid ?? args.group) : undefined,
    mode,
    attributes: args.attributes,
    context: selinux.some((part) => part !== undefined) ? selinux : undefined,
    before: isOther ? { mode: modeText(base.mode) } : {},
    after: isOther ? { mode: modeText(mode) } : {},
  };
};

/** The folders that are missing on the way to a folder, outermost first. */
export const missingFolders = (folder: string, nearest: string): string[] => {
  const start = nearest === '.' && !folder.startsWith('./') && folder !== '.' ? '' : nearest;
  if (!folder.startsWith(start)) return [folder];
  const missing: string[] = [];
  let path = start;
  for (const name of folder.slice(start.length).split('/')) {
    if (name === '') continue;
    path = path === '' || path.endsWith('/') ? path + name : `${path}/${name}`;
    missing.push(path);
  }
  return missing;
};
