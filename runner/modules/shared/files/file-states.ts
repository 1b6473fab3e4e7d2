import { lines, type Script, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ResultObject } from '../../../values/index.ts';
import type { ModuleContext, Plan } from '../../define.ts';
import { type AttributePlan, attributeScript, planAttributes } from './attributes.ts';
import type { FileSteps } from './file-apply.ts';
import type { FileModuleArguments, FileModuleState } from './file-probe.ts';
import type { FileStat } from './file-stat.ts';
import { missingFolders, planFresh } from './fresh.ts';
import { chmodWord } from './mode.ts';
import { pathInfo, stateOf } from './path-info.ts';
import { die } from './reply.ts';
import { systemError } from './system-error.ts';
import { planTimes, type TimesPlan, touchScript } from './timestamps.ts';
import { planTree } from './tree-attributes.ts';

export type FilePlan = Plan<FileSteps>;

/** The two sides of the diff that the file module shows: paths, states, and what else differs. */
export const stateDiff = (
  path: string,
  was: string,
  becomes: string,
  ...parts: readonly { readonly before: ResultObject; readonly after: ResultObject }[]
): { before: ResultObject; after: ResultObject } => ({
  before: Object.assign({ path }, was === becomes ? {} : { state: was }, ...parts.map(({ before }) => before)),
  after: Object.assign({ path }, was === becomes ? {} : { state: becomes }, ...parts.map(({ after }) => after)),
});

/** What an existing file lacks: attributes and times. */
export const planExisting = (
  state: FileModuleState,
  args: FileModuleArguments,
  stat: FileStat,
  path: string,
): { attributes: AttributePlan; times: TimesPlan; script: Script; changed: boolean } => {
  const { attributes: flags, context } = state.file;
  const attributes = planAttributes({ stat, attributes: flags, context }, args, state.identity, state.umask, path);
  const times = planTimes(stat, state.times, path);
  const script = lines(attributeScript(attributes, path), times.script);
  return { attributes, times, script, changed: attributes.changed || times.changed };
};

/** The path and what stands there, links followed where that is asked. */
const followed = (state: FileModuleState, args: FileModuleArguments): { path: string; stat: FileStat | undefined } => {
  const { file } = state;
  if (args.follow && file.own?.type === 'link') return { path: file.real, stat: file.stat };
  return { path: file.path, stat: file.own };
};

/** `state: file`, which makes no file. Throws ModuleFailure where there is none. */
export const planPlainFile = (state: FileModuleState, args: FileModuleArguments): FilePlan => {
  const { path, stat } = followed(state, args);
  const was = stateOf(stat);
  if (!stat || (was !== 'file' && was !== 'hard')) {
    throw new ModuleFailure(`file (${path}) is ${was}, cannot continue`, { path, state: was });
  }
  const { attributes, times, script, changed } = planExisting(state, args, stat, path);
  return {
    changed,
    result: { path, ...pathInfo(stat, state.file.context) },
    diff: stateDiff(path, was, 'file', attributes, times),
    steps: { script, path, failures: timeFailure(path) },
  };
};

/** `state: absent`, for a folder with all that is in it. */
export const planAbsent = ({ file, inside }: FileModuleState, context: ModuleContext): FilePlan => {
  const { path } = file;
  const was = stateOf(file.own);
  if (was === 'absent') return { changed: false, result: { path, state: 'absent' } };
  const diff = stateDiff(path, was, 'absent');
  if (was === 'directory' && inside) diff.before.path_content = { ...inside };
  const isFolder = was === 'directory';
  return {
    changed: true,
    result: context.check ? { path, ...pathInfo(file.own, file.context) } : { path, state: 'absent' },
    diff,
    steps: {
      script: isFolder ? sh`rm -rf -- ${path} || ${die} remove` : sh`rm -f -- ${path} || ${die} remove`,
      path: undefined,
      failures: {
        remove: (reason) =>
          new ModuleFailure(isFolder ? `rmtree failed: ${reason}` : `unlinking failed: ${reason} `, { path }),
      },
    },
  };
};

/** Makes a folder, with its mode in the same step where no change of owner could take bits of it away. */
const makeDirectory = (folder: string, attributes: AttributePlan | undefined): Script => {
  const mode = attributes?.owner === undefined && attributes?.group === undefined ? attributes?.mode : undefined;
  const rest =
    attributes && attributeScript(mode === undefined ? attributes : { ...attributes, mode: undefined }, folder);
  if (mode === undefined) return lines(sh`mkdir -- ${folder} || [ -d ${folder} ] || ${die} mkdir`, rest);
  const word = chmodWord(mode);
  return lines(
    sh`mkdir -m ${word} -- ${folder} || { [ -d ${folder} ] && chmod ${word} -- ${folder}; } || ${die} mkdir`,
    rest,
  );
};

/** `state: directory`, with the folders above it. Throws ModuleFailure where something else is in the way. */
export const planDirectory = (state: FileModuleState, args: FileModuleArguments, context: ModuleContext): FilePlan => {
  const { path, stat } = followed(state, args);
  const was = stateOf(stat);
  if (was === 'absent') return planNewDirectory(state, args, context, path);
  if (!stat || was !== 'directory') throw new ModuleFailure(`${path} already exists as a ${was}`, { path });
  const { attributes, times, script, changed } = planExisting(state, args, stat, path);
  const shown = path === state.file.path ? state.given : path;
  const tree = state.tree && planTree(state.tree, args, state.identity, state.umask, state.times, path);
  return {
    changed: changed || tree?.changed === true,
    result: { path: shown, ...pathInfo(stat, state.file.context) },
    diff: stateDiff(shown, was, 'directory', attributes, times),
    steps: { script: lines(script, tree?.script), path, failures: timeFailure(path) },
  };
};

const planNewDirectory = (
  state: FileModuleState,
  args: FileModuleArguments,
  context: ModuleContext,
  path: string,
): FilePlan => {
  const shown = path === state.file.path ? state.given : path;
  const attributes = planFreshOrWarn(state, args, context, 'directory', path);
  const nearest = path === state.file.path ? state.file.folder.nearest : '/';
  const scripts = missingFolders(path, nearest).map(
    (folder) => sh`if [ ! -d ${folder} ]; then
${makeDirectory(folder, attributes)}
fi`,
  );
  return {
    changed: true,
    result: { path: shown },
    diff: stateDiff(shown, 'absent', 'directory', ...shownFresh(attributes, context)),
    steps: {
      script: lines(...scripts, planTimes(undefined, state.times, path).script),
      path,
      failures: {
        ...timeFailure(path),
        mkdir: (reason) =>
          new ModuleFailure(`There was an issue creating ${path} as requested: ${systemError(reason, path)}`, { path }),
      },
    },
  };
};

/** `state: touch`. Throws ModuleFailure where the folder is not there. */
export const planTouch = (state: FileModuleState, args: FileModuleArguments, context: ModuleContext): FilePlan => {
  const { path } = state.file;
  const was = stateOf(state.file.own);
  if (was === 'absent') {
    if (!state.file.folder.exists) {
      const reason = systemError('No such file or directory', path);
      throw new ModuleFailure(`Error, could not touch target: ${reason}`, { path });
    }
    const attributes = planFreshOrWarn(state, args, context, 'file', path);
    return {
      changed: true,
      result: { dest: path },
      diff: stateDiff(path, was, 'touch', ...shownFresh(attributes, context)),
      steps: {
        script: lines(
          sh`: >>${path} || ${die} create`,
          // A new file that cannot be made as asked is not left behind.
          sh`m_new=${path}; trap '[ "$?" = 0 ] || rm -f -- "$m_new"' EXIT`,
          attributes && attributeScript(attributes, path),
          touchScript(state.times, path),
        ),
        path,
        failures: {
          ...timeFailure(path),
          create: (reason) =>
            new ModuleFailure(`Error, could not touch target: ${systemError(reason, path)}`, { path }),
        },
      },
    };
  }
  const { path: target, stat } = followed(state, args);
  if (!stat) {
    const reason = systemError('No such file or directory', target);
    throw new ModuleFailure(`Error while updating modification or access time: ${reason}`, { path: target });
  }
  const { attributes, times, script, changed } = planExisting(state, args, stat, target);
  return {
    changed,
    result: { dest: path, ...pathInfo(state.file.own, state.file.context) },
    diff: stateDiff(path, was, 'touch', attributes, times),
    steps: { script, path, failures: timeFailure(target) },
  };
};

/** A check run cannot know what the new file would differ from. */
const shownFresh = (attributes: AttributePlan | undefined, context: ModuleContext): AttributePlan[] =>
  attributes && !context.check ? [attributes] : [];

/** What a new file needs; in a check run an unknown user is only warned about, since the real run may make it first. */
const planFreshOrWarn = (
  state: FileModuleState,
  args: FileModuleArguments,
  context: ModuleContext,
  type: 'directory' | 'file',
  path: string,
): AttributePlan | undefined => {
  const { isUserMissing, isGroupMissing } = state.identity;
  warnOfUnknown(state, args, context);
  if (context.check && (isUserMissing || isGroupMissing)) return undefined;
  return planFresh(args, state.identity, state.umask, type, path);
};

/** In a check run whoever is missing may be one that the real run makes first. */
export const warnOfUnknown = (state: FileModuleState, args: FileModuleArguments, context: ModuleContext): void => {
  const { isUserMissing, isGroupMissing } = state.identity;
  if (context.check && isUserMissing) {
    context.warn(`failed to look up user ${args.owner}. Create user up to this point in real play`);
  }
  if (context.check && isGroupMissing) {
    context.warn(`failed to look up group ${args.group}. Create group up to this point in real play`);
  }
};

/** How the failure of the step that sets times is told. */
export const timeFailure = (path: string): FileSteps['failures'] => ({
  touch: (reason) =>
    new ModuleFailure(`Error while updating modification or access time: ${systemError(reason, path)}`, { path }),
});
