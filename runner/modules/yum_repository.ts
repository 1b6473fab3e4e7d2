import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule, type Plan } from './define.ts';
import { applyEdit, type EditState, type EditSteps, planEdit, probeEdit } from './shared/files/edit.ts';
import {
  type RepositoryArguments,
  repositoryArguments,
  repositoryOptions,
} from './shared/packages/rpm/repo-arguments.ts';
import { dumpRepoFile, formatRepoFile, parseRepoFile, type RepoFile } from './shared/packages/rpm/repo-file.ts';

interface Steps {
  readonly path: string;
  /** Undefined: the file goes, for there is no repository left in it. */
  readonly edit: Plan<EditSteps> | undefined;
}

export default defineModule({
  name: 'ansible.builtin.yum_repository',
  summary: 'Adds and removes repositories of yum and dnf.',
  args: repositoryArguments,
  returns: {
    repo: 'The id of the repository.',
    state: 'Whether it is there.',
    diff: 'What the file says before and after, in the order of the alphabet.',
  },
  returnsDiff: true,
  supports: { check: 'full', diff: true },

  async probe(args, context): Promise<EditState> {
    if (args.state === 'present') {
      if (args.baseurl === undefined && args.metalink === undefined && args.mirrorlist === undefined) {
        throw new ModuleFailure("Parameter 'baseurl', 'metalink' or 'mirrorlist' is required.");
      }
      if (args.description === undefined) throw new ModuleFailure("Parameter 'description' is required.");
    }
    const state = await probeEdit(editArguments(args), context);
    if (!state.file.folder.exists) throw new ModuleFailure(`Repo directory '${args.reposdir}' does not exist.`);
    return state;
  },

  diff(state, args, context): Plan<Steps> {
    const { path } = state.file;
    const before = readFile(state, path);
    const after: RepoFile = new Map([...before].filter(([name]) => name !== args.name));
    if (args.state === 'present') after.set(args.name, optionsOf(args));
    const [was, is] = [dumpRepoFile(before), dumpRepoFile(after)];
    const result = { repo: args.name, state: args.state };
    const diff = { before: was, after: is, beforeHeader: path, afterHeader: path };
    if (was !== is && after.size === 0) {
      return { changed: true, result, diff, steps: { path, edit: undefined } };
    }
    const content = was === is ? state.content : Buffer.from(formatRepoFile(after));
    const edit = planEdit(state, editArguments(args), { content, msg: '' }, context);
    return { changed: edit.changed, result, diff, steps: { path, edit } };
  },

  async apply({ steps }, _args, context) {
    const { path, edit } = steps!;
    if (edit) {
      await applyEdit(edit, context);
      return;
    }
    const { code, stderr } = await context.target.run(sh`rm -f -- ${path}`);
    if (code !== 0)
      throw new ModuleFailure(`Cannot remove empty repo file ${path}.`, {
        rc: code,
        details: stderr.toString().trim(),
      });
  },
});

const editArguments = (args: RepositoryArguments) => ({
  ...args,
  path: `${args.reposdir.replace(/\/+$/, '')}/${args.file ?? args.name}.repo`,
  backup: false,
});

const readFile = ({ content }: EditState, path: string): RepoFile => {
  try {
    return parseRepoFile(content?.toString() ?? '');
  } catch (error) {
    throw new ModuleFailure(`Cannot read ${path}: ${(error as Error).message}`);
  }
};

/** The options of the repository, sorted by name. */
const optionsOf = (args: RepositoryArguments): Map<string, string> => {
  const options = new Map<string, string>([['name', args.description!]]);
  for (const name of Object.keys(repositoryOptions) as (keyof typeof repositoryOptions)[]) {
    const value = args[name];
    if (value === undefined) continue;
    const separator = name === 'baseurl' || name === 'gpgkey' ? '\n' : ' ';
    options.set(
      name,
      Array.isArray(value) ? value.join(separator) : typeof value === 'boolean' ? String(Number(value)) : String(value),
    );
  }
  return new Map([...options].sort(([one], [other]) => (one < other ? -1 : 1)));
};
