import { stat as statFile } from 'node:fs/promises';
import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { dumpJson, toText, type Value } from '../values/index.ts';
import { defineModule, type ModuleContext, type Plan, type ResultObject } from './define.ts';
import { fileReturns } from './shared/files/common-arguments.ts';
import { type CopyArguments, copyArguments } from './shared/files/copy-arguments.ts';
import { type CopyRemoteState, planCopyRemote, probeCopyRemote } from './shared/files/copy-remote.ts';
import {
  applyCopyTree,
  type CopyTreeState,
  type CopyTreeSteps,
  planCopyTree,
  probeCopyTree,
} from './shared/files/copy-tree.ts';
import { parseStat, stat } from './shared/files/file-stat.ts';
import { contentOf, readLocal } from './shared/files/local-content.ts';
import { modeText } from './shared/files/mode.ts';
import { pathInfo } from './shared/files/path-info.ts';
import { nameOf } from './shared/files/paths.ts';
import { applyPlace, type PlaceState, type PlaceSteps, planPlace, probePlace } from './shared/files/place-file.ts';
import { planRemoteTree, type RemoteTreeSteps } from './shared/files/remote-tree.ts';
import { runScript, StepFailure } from './shared/files/reply.ts';

type CopyState =
  | { readonly kind: 'place'; readonly place: PlaceState }
  | { readonly kind: 'tree'; readonly tree: CopyTreeState }
  | { readonly kind: 'remote'; readonly remote: CopyRemoteState };

export default defineModule({
  name: 'ansible.builtin.copy',
  summary: 'Copies files and folders to the target, or within it.',
  args: copyArguments,
  returns: {
    dest: 'The file or folder on the target.',
    src: 'What was copied.',
    checksum: 'SHA1 checksum of the content.',
    md5sum: 'MD5 checksum of the content, when it was written.',
    backup_file: 'Where the old file is kept, with backup.',
    ...fileReturns,
  },
  looksFirst: true,
  notes: [
    'Under --check it says when the folder of the destination is not there, where Ansible promises a change that then fails',
  ],
  supports: { check: 'full', diff: true, async: false },
  async probe(args, context): Promise<CopyState> {
    const { src, content } = args;
    if ((src === undefined || src === '') && content === undefined) {
      throw new ModuleFailure('src (or content) is required');
    }
    if (args.dest === '') throw new ModuleFailure('dest is required');
    if (src !== undefined && content !== undefined) throw new ModuleFailure('src and content are mutually exclusive');
    if (content !== undefined) return { kind: 'place', place: await probeContentCopy(content, args, context) };
    if (args.remote_src) return { kind: 'remote', remote: await probeCopyRemote(args, context) };
    return probeLocalCopy(src!, args, context);
  },
  diff(state, args): Plan<PlaceSteps | CopyTreeSteps | RemoteTreeSteps> {
    if (state.kind === 'place') return planPlace(state.place, args);
    if (state.kind === 'tree') return planCopyTree(state.tree, args);
    if (state.remote.kind === 'folder') return planRemoteTree(state.remote.tree, args);
    return planCopyRemote(state.remote.place, args);
  },
  async apply(plan, _args, context, state): Promise<ResultObject | undefined> {
    if (state.kind === 'tree') {
      await applyCopyTree(plan as Plan<CopyTreeSteps>, context);
      return undefined;
    }
    if (state.kind === 'remote' && state.remote.kind === 'folder') {
      return applyRemoteTree(plan as Plan<RemoteTreeSteps>, context);
    }
    return applyPlace(plan as Plan<PlaceSteps>, context);
  },
});

const probeContentCopy = (content: Value, args: CopyArguments, context: ModuleContext): Promise<PlaceState> => {
  if (args.dest.endsWith('/')) throw new ModuleFailure('can not use content with a dir as dest');
  const text = content instanceof Map || Array.isArray(content) ? dumpJson(content) : toText(content);
  const placement = {
    source: contentOf(Buffer.from(text)),
    name: undefined,
    shown: undefined,
    mode: args.mode === 'preserve' ? '0600' : args.mode,
  };
  return probePlace(placement, args, context);
};

const probeLocalCopy = async (src: string, args: CopyArguments, context: ModuleContext): Promise<CopyState> => {
  const found = (await context.controller.find('files', src)).replace(/(?<=.)\/+$/, '');
  const info = await statFile(found).catch((error: Error) => {
    throw new ModuleFailure(`could not find src=${found}, ${error.message}`);
  });
  if (info.isDirectory()) {
    const source = src.endsWith('/') ? `${found}/` : found;
    return { kind: 'tree', tree: await probeCopyTree(source, args, context) };
  }
  const placement = {
    source: await readLocal(context.controller, found, args.decrypt),
    name: nameOf(found),
    shown: found,
    mode: args.mode === 'preserve' ? modeText(info.mode) : args.mode,
  };
  return { kind: 'place', place: await probePlace(placement, args, context) };
};

const applyRemoteTree = async (plan: Plan<RemoteTreeSteps>, { target }: ModuleContext): Promise<ResultObject> => {
  const { script, top } = plan.steps!;
  try {
    const reader = await runScript(
      target,
      sh`${script}
printf '\\0'; ${stat} ${top}; printf '\\0'`,
    );
    reader.field();
    return pathInfo(parseStat(reader.field()));
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    throw new ModuleFailure(`failed to copy: ${error.said}`);
  }
};
