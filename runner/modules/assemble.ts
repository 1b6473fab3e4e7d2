import { stat } from 'node:fs/promises';
import { lines, raw, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineModule, type ModuleContext, type ResultObject } from './define.ts';
import { fileArguments } from './shared/files/common-arguments.ts';
import { diffLimit, probeContent, readSmallContent } from './shared/files/content.ts';
import { probeFile, readFileState } from './shared/files/file-state.ts';
import { assemble, localFragments, probeFragments, readFragments } from './shared/files/fragments.ts';
import { probeIdentity, probeUmask, readIdentity, readUmask } from './shared/files/identity.ts';
import { contentOf } from './shared/files/local-content.ts';
import { nameOf, pathWord, withoutSlash } from './shared/files/paths.ts';
import {
  applyPlace,
  carryOut,
  type PlaceArguments,
  type PlacePlan,
  type PlaceState,
  planPlace,
  probePlace,
} from './shared/files/place-file.ts';
import { runScript } from './shared/files/reply.ts';
import { ValidationFailure } from './shared/files/write.ts';

const args = {
  src: { type: 'path', required: true, doc: 'The folder with the fragments.' },
  dest: { type: 'path', required: true, doc: 'The file to make of them.' },
  backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one, with the time in its name.' },
  delimiter: { type: 'str', doc: 'What stands between fragments, with escapes like \\n.' },
  remote_src: { type: 'bool', default: true, doc: 'The fragments are on the target rather than on the controller.' },
  regexp: { type: 'str', doc: 'A pattern for the names of the fragments to take.' },
  ignore_hidden: { type: 'bool', default: false, doc: 'Leave out files whose names begin with a dot.' },
  validate: {
    type: 'str',
    doc: 'A command that must succeed on the new file before it takes its place; %s stands for the file.',
  },
  decrypt: { type: 'bool', default: true, doc: 'Decrypt fragments of the controller that are vault files.' },
  ...fileArguments,
} as const;

type Args = ArgumentsOf<typeof args>;

/** The arguments of copy that assemble has no say in. */
const placeArguments = (given: Args): PlaceArguments => ({ ...given, force: true, follow: false });

export default defineModule({
  name: 'ansible.builtin.assemble',
  summary: 'Makes one file of the files of a folder.',
  args,
  returns: {
    dest: 'The file that was made.',
    src: 'The folder with the fragments.',
    checksum: 'SHA1 checksum of the content.',
    md5sum: 'MD5 checksum of the content.',
    backup_file: 'Where the old file is kept, with backup.',
    msg: 'OK.',
  },
  notes: ['Its changes are predicted under --check, where Ansible leaves the task out'],
  supports: { check: 'full', diff: true, async: false },
  async probe(given, context): Promise<PlaceState> {
    if (given.validate !== undefined && !given.validate.includes('%s')) {
      throw new ModuleFailure(`validate must contain %s: ${given.validate}`);
    }
    return given.remote_src ? probeRemote(given, context) : probeLocal(given, context);
  },
  diff(state, given): PlacePlan {
    const plan = planPlace(state, placeArguments(given));
    const { source, shown } = state.placement;
    const { path: _path, ...rest } = plan.result ?? {};
    const result = { ...rest, src: shown, checksum: source.sha1, md5sum: source.md5 };
    return { ...plan, result: given.remote_src ? { ...result, msg: 'OK' } : result };
  },
  async apply(plan: PlacePlan, given, context): Promise<ResultObject> {
    if (!given.remote_src) return applyPlace(plan, context);
    try {
      const { result, validation } = await carryOut(plan, context);
      return { ...result, validation: validation && { ...validation } };
    } catch (error) {
      if (!(error instanceof ValidationFailure)) throw error;
      const { rc, stderr } = error.validation;
      throw new ModuleFailure(`failed to validate: rc:${rc} error:${stderr}`);
    }
  },
});

const rulesOf = (given: Args) => ({
  delimiter: given.delimiter,
  regexp: given.regexp,
  ignoreHidden: given.ignore_hidden,
});

const probeLocal = async (given: Args, context: ModuleContext): Promise<PlaceState> => {
  const src = await context.controller.find('files', given.src);
  const info = await stat(src).catch(() => undefined);
  if (!info?.isDirectory()) throw new ModuleFailure(`Source (${src}) is not a directory`);
  const content = assemble(await localFragments(src, context.controller, given.decrypt), rulesOf(given));
  const placement = { source: contentOf(content), name: nameOf(withoutSlash(src)), shown: src, mode: given.mode };
  return probePlace(placement, placeArguments(given), context);
};

/** Fragments and destination come with one answer. */
const probeRemote = async (given: Args, context: ModuleContext): Promise<PlaceState> => {
  const script = lines(
    sh`m_seen=; m_q=${pathWord(given.src)}; m_p=${pathWord(withoutSlash(given.dest))}`,
    probeUmask,
    raw(`printf '%s\\0%s\\0' "$m_q" "$m_p"; [ -e "$m_q" ] && printf e; [ -d "$m_q" ] && printf d; printf '\\0'`),
    sh`if [ -d "$m_q" ]; then ${probeFragments('m_q')}; else printf '\\0'; fi`,
    probeFile('m_p', { checksum: 'sha1', attributes: given.attributes !== undefined }),
    probeIdentity(given),
    context.wantsDiff ? probeContent('m_p', diffLimit) : undefined,
  );
  const reader = await runScript(context.target, script);
  const umask = readUmask(reader);
  const src = reader.field();
  const dest = reader.field();
  const kind = reader.field();
  if (kind === '') throw new ModuleFailure(`Source (${src}) does not exist`);
  if (kind === 'e') throw new ModuleFailure(`Source (${src}) is not a directory`);
  const content = assemble(readFragments(reader), rulesOf(given));
  const file = readFileState(reader, dest);
  const identity = readIdentity(reader, given);
  const before = context.wantsDiff ? readSmallContent(reader) : undefined;
  const placement = { source: contentOf(content), name: undefined, shown: src, mode: given.mode };
  return { placement, file, umask, identity, before };
};
