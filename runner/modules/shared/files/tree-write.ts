import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { emit, lines, raw, type Script, sh, type Target } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import { chmodWord } from './mode.ts';
import { joinPath } from './paths.ts';
import { die, readReply, StepFailure } from './reply.ts';
import { backup, inlineLimit } from './write.ts';

/** A file of a tree that is to be written. */
export interface TreeFile {
  /** The folder that it stands in, which exists by then. */
  readonly folder: string;
  readonly name: string;
  readonly content: Buffer | { readonly open: () => Readable };
  readonly mode: number;
  /** `user:group`, `user`, `:group`, or '' for none. */
  readonly owner: string;
  /** Whether the owner was asked for; otherwise keeping it is only tried. */
  readonly isOwnerAsked: boolean;
  readonly attributes: string | undefined;
  readonly validate: ((path: string) => Script) | undefined;
  readonly backup: boolean;
}

const requestLimit = 1024 * 1024;
const wordLimit = 400;

/**
 * Writes many files: each folder's files go into a hidden folder inside of it first, get their modes and owners there
 * together, and move into place together. Small content all travels in as few requests as it fits into.
 */
export const writeTree = async (target: Target, before: Script, files: readonly TreeFile[]): Promise<void> => {
  const stages = stagesOf(files);
  try {
    const isLarge = (file: TreeFile): boolean => !Buffer.isBuffer(file.content) || file.content.length > inlineLimit;
    const large = files.filter(isLarge);
    const makeStages = lines(
      raw('m_u=$(umask); umask 077'),
      ...[...stages.values()].map(({ path }) => makeStage(path)),
    );
    const requests = fillRequests(
      files.filter((file) => !isLarge(file)),
      stages,
    );
    const finish = [...stages.values()].flatMap((stage) => finishStage(stage));
    if (large.length === 0 && requests.length <= 1) {
      readReply(await target.run(lines(before, makeStages, requests[0], raw('umask "$m_u"'), ...finish)));
      return;
    }
    readReply(await target.run(lines(before, makeStages)));
    // Requests that are sent before the earlier ones have answered share a round trip.
    for (const reply of await Promise.all(requests.map((request) => target.run(lines(raw('umask 077'), request))))) {
      readReply(reply);
    }
    for (const file of large) {
      await target.put(Buffer.isBuffer(file.content) ? file.content : file.content.open(), stagedPath(file, stages));
    }
    readReply(await target.run(lines(...finish)));
  } catch (error) {
    await target.run(sh`rm -rf -- ${[...stages.values()].map(({ path }) => path)}`);
    throw error instanceof StepFailure ? explainTree(error) : error;
  }
};

interface Stage {
  readonly folder: string;
  /** The hidden folder. */
  readonly path: string;
  readonly files: TreeFile[];
}

const stagesOf = (files: readonly TreeFile[]): Map<string, Stage> => {
  const stages = new Map<string, Stage>();
  for (const file of files) {
    const stage = stages.get(file.folder);
    if (stage) stage.files.push(file);
    else {
      const path = joinPath(file.folder, `.muster-${randomBytes(8).toString('hex')}`);
      stages.set(file.folder, { folder: file.folder, path, files: [file] });
    }
  }
  return stages;
};

const stagedPath = (file: TreeFile, stages: ReadonlyMap<string, Stage>): string =>
  joinPath(stages.get(file.folder)!.path, file.name);

const makeStage = (path: string): Script => sh`mkdir -- ${path} || ${die} create`;

const fillRequests = (files: readonly TreeFile[], stages: ReadonlyMap<string, Stage>): Script[] => {
  const requests: Script[][] = [];
  let room = 0;
  for (const file of files) {
    const content = file.content as Buffer;
    if (requests.length === 0 || room < content.length) {
      requests.push([]);
      room = requestLimit;
    }
    room -= content.length + 200;
    requests.at(-1)!.push(sh`${emit(content)} >${stagedPath(file, stages)} || ${die} create`);
  }
  return requests.map((scripts) => lines(...scripts));
};

/** Modes and owners for all files that share them, validation, backups, and the move into place. */
const finishStage = ({ folder, path, files }: Stage): Script[] => {
  const scripts: Script[] = [];
  const staged = (file: TreeFile): string => joinPath(path, file.name);
  for (const [owner, some] of groupBy(files, (file) => `${file.isOwnerAsked ? '!' : ''}${file.owner}`)) {
    const word = owner.replace('!', '');
    if (word === '') continue;
    const onFailure = owner.startsWith('!') ? sh`|| ${die} chown` : raw('2>/dev/null || :');
    scripts.push(sh`chown ${word} -- ${some.map(staged)} ${onFailure}`);
  }
  for (const [mode, some] of groupBy(files, (file) => chmodWord(file.mode))) {
    scripts.push(sh`chmod ${mode} -- ${some.map(staged)} || ${die} chmod`);
  }
  for (const file of files) if (file.validate) scripts.push(file.validate(staged(file)));
  for (const file of files) if (file.backup) scripts.push(sh`${backup} ${joinPath(folder, file.name)}`);
  for (let start = 0; start < files.length; start += wordLimit) {
    const some = files.slice(start, start + wordLimit).map(staged);
    // No sync here, other than for single files: it takes milliseconds for each.
    scripts.push(sh`mv -f -- ${some} ${folder.endsWith('/') ? folder : `${folder}/`} || ${die} replace`);
  }
  scripts.push(sh`rmdir -- ${path}`);
  const inPlace = files.map((file) => joinPath(folder, file.name));
  scripts.push(sh`[ ! -e /sys/fs/selinux/enforce ] || restorecon -- ${inPlace}`);
  for (const [attributes, some] of groupBy(files, (file) => file.attributes ?? '')) {
    if (attributes === '') continue;
    const names = some.map((file) => joinPath(folder, file.name));
    scripts.push(sh`! command -v chattr >/dev/null || chattr ${attributes} -- ${names} || ${die} chattr`);
  }
  return scripts;
};

const groupBy = (files: readonly TreeFile[], keyOf: (file: TreeFile) => string): Map<string, TreeFile[]> => {
  const groups = new Map<string, TreeFile[]>();
  for (const file of files) {
    const key = keyOf(file);
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return groups;
};

const explainTree = (failure: StepFailure): ModuleFailure => {
  switch (failure.step) {
    case 'create':
      return new ModuleFailure(
        `The destination directory is not writable by the current user. Error was: ${failure.said}`,
      );
    case 'validate':
      return new ModuleFailure('failed to validate', { stderr: failure.said });
    default:
      return new ModuleFailure(`${failure.step} failed: ${failure.said}`);
  }
};
