import { lines, raw, type Script, sh, shellFunction } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ModuleContext } from '../../define.ts';
import { attributeScript } from './attributes.ts';
import type { FileSteps } from './file-apply.ts';
import type { FileModuleArguments, FileModuleState } from './file-probe.ts';
import { type FilePlan, planExisting, stateDiff, timeFailure } from './file-states.ts';
import { planFresh } from './fresh.ts';
import { pathInfo, stateOf } from './path-info.ts';
import { folderOf, joinPath, nameOf } from './paths.ts';
import { die } from './reply.ts';

// A link that leads to a folder must be replaced, not entered; a mv without -T needs it out of the way for that.
const moveLink = shellFunction(
  'm_mvlink',
  `mv -fT -- "$1" "$2" 2>/dev/null || { rm -f -- "$2" && mv -f -- "$1" "$2"; }`,
);

/** Shell that makes a link, replacing what stands there in one step. Its failing step is `link`. */
const linkScript = (options: readonly string[], src: string, path: string, was: string): Script => {
  if (was === 'absent') return sh`ln ${options} -- ${src} ${path} || ${die} link`;
  const prefix = joinPath(folderOf(path), `.${nameOf(path).slice(0, 160)}.muster`);
  return lines(
    was === 'directory' ? sh`rmdir -- ${path} || ${die} link` : undefined,
    sh`m_t=${prefix}.$$
ln ${options} -- ${src} "$m_t" && ${moveLink} "$m_t" ${path} || { rm -f -- "$m_t"; ${die} link; }`,
  );
};

/** `state: link`. Throws ModuleFailure where something is in the way. */
export const planLink = (state: FileModuleState, args: FileModuleArguments, context: ModuleContext): FilePlan => {
  const { file } = state;
  const { path } = file;
  const was = stateOf(file.own);
  // Without a source, an existing link keeps the one it has.
  const src = state.sourceText ?? (args.follow && file.stat && was === 'link' ? file.target : undefined);
  refuseLink(state, args, was, src);
  const isNew = was !== 'link' || (src !== undefined && src !== file.target);
  const parts = isNew && was === 'link' ? [{ before: { src: file.target }, after: { src } }] : [];
  const leadsTo = state.source ? state.source.stat : file.stat;
  const script = isNew ? linkScript(['-s'], src!, path, was) : undefined;
  const failures = linkFailures(path, was);
  // What is done is looked at afterwards; a prediction tells of what is there now.
  const shown = file.own && (!isNew || context.check) ? pathInfo(file.own, file.context) : {};

  if (args.follow && !leadsTo) {
    if (!context.check) {
      context.warn(
        'Cannot set fs attributes on a non-existent symlink target. follow should be set to False to avoid this.',
      );
    }
    return {
      changed: isNew,
      result: { dest: path, src: src ?? null, ...shown },
      diff: stateDiff(path, was, 'link', ...parts),
      steps: { script: script ?? raw(':'), path, failures },
    };
  }
  if (isNew && !args.follow) {
    const attributes = planFresh(args, state.identity, state.umask, 'link', path);
    return {
      changed: true,
      result: { dest: path, src: src ?? null, ...shown },
      diff: stateDiff(path, was, 'link', ...parts, attributes),
      steps: { script: lines(script, attributeScript(attributes, path)), path, failures },
    };
  }
  const stat = args.follow ? leadsTo! : file.own!;
  const target = args.follow ? (state.source?.real ?? file.real) : path;
  const existing = planExisting(state, args, stat, target);
  return {
    changed: isNew || existing.changed,
    result: { dest: path, src: src ?? null, ...(isNew || file.stat ? shown : {}) },
    diff: stateDiff(path, was, 'link', ...parts, existing.attributes, existing.times),
    steps: { script: lines(script, existing.script), path, failures },
  };
};

const refuseLink = (state: FileModuleState, args: FileModuleArguments, was: string, src: string | undefined): void => {
  const { path } = state.file;
  if (!args.force && state.source && !state.source.stat) {
    throw new ModuleFailure(
      `src file does not exist, use "force=yes" if you really want to create the link: ${state.source.path}`,
      { path, src },
    );
  }
  if (was === 'directory' && args.force && !state.file.isEmptyFolder) {
    throw new ModuleFailure(`the directory ${path} is not empty, refusing to convert it`, { path });
  }
  if ((was === 'directory' || was === 'file' || was === 'hard') && !args.force) {
    throw new ModuleFailure(`refusing to convert from ${was} to symlink for ${path}`, { path });
  }
  if (src === undefined && was !== 'link') throw new ModuleFailure('src is required for creating new symlinks');
};

/** `state: hard`. Throws ModuleFailure where something is in the way. */
export const planHardLink = (state: FileModuleState, args: FileModuleArguments): FilePlan => {
  const { file, source, sourceText: src } = state;
  const { path } = file;
  const was = stateOf(file.own);
  if (was !== 'hard' && src === undefined) throw new ModuleFailure('src is required for creating new hardlinks');
  if (source && !source.stat) throw new ModuleFailure('src does not exist', { dest: path, src });
  const isSame = source?.stat !== undefined && file.own?.inode === source.stat.inode;
  if (was === 'directory' && isSame) return { changed: false, result: { path, ...pathInfo(file.own) } };
  const isNew = was === 'hard' ? source !== undefined && !isSame : was === 'link' ? file.target !== src : true;
  if (isNew && !args.force) refuseHardLink(was, path, src);
  const parts = was === 'link' && isNew ? [{ before: { src: file.target }, after: { src } }] : [];
  const script = isNew ? linkScript([], src!, path, was) : undefined;
  const existing = planExisting(state, args, (isNew ? source?.stat : file.own)!, path);
  return {
    changed: isNew || existing.changed,
    result: { dest: path, src: src ?? null, ...(isNew ? {} : pathInfo(file.own, file.context)) },
    diff: stateDiff(path, was, 'hard', ...parts, existing.attributes, existing.times),
    steps: { script: lines(script, existing.script), path, failures: linkFailures(path, was) },
  };
};

const refuseHardLink = (was: string, path: string, src: string | undefined): void => {
  const details = { dest: path, src };
  if (was === 'hard') throw new ModuleFailure('Cannot link, different hard link exists at destination', details);
  if (was === 'file') throw new ModuleFailure(`Cannot link, ${was} exists at destination`, details);
  if (was === 'directory') throw new ModuleFailure('Cannot link: different hard link exists at destination', details);
};

const linkFailures = (path: string, was: string): FileSteps['failures'] => ({
  ...timeFailure(path),
  link: (reason) => new ModuleFailure(`Error while ${was === 'absent' ? 'linking' : 'replacing'}: ${reason}`, { path }),
});
