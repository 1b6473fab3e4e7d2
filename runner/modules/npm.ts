import { type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { Json } from '../values/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineAction, type ModuleContext } from './define.ts';
import { expandedWord } from './shared/commands/expand.ts';
import { linesOf, managerFailure, managerMustGo, runManager, type ToolReply } from './shared/packages/managers/tool.ts';

const specs = {
  name: { type: 'str', doc: 'The package; without it, those that package.json in path names.' },
  path: { type: 'path', doc: 'The folder of the project. It is made where it is missing.' },
  version: { type: 'str', doc: 'The version of the package.' },
  global: { type: 'bool', default: false, doc: 'Install for the whole system.' },
  executable: { type: 'path', doc: 'The npm to use, instead of the first one on the PATH.' },
  ignore_scripts: { type: 'bool', default: false, doc: 'Run no scripts of packages.' },
  unsafe_perm: { type: 'bool', default: false, doc: 'Run scripts as root.' },
  ci: { type: 'bool', default: false, doc: 'Install what package-lock.json names, from nothing.' },
  production: { type: 'bool', default: false, doc: 'Leave out what is for development only.' },
  registry: { type: 'str', doc: 'The registry to use.' },
  state: { type: 'str', default: 'present', choices: ['present', 'absent', 'latest'], doc: 'Whether it is there.' },
  no_optional: { type: 'bool', default: false, doc: 'Leave out optional packages.' },
  no_bin_links: { type: 'bool', default: false, doc: 'Make no links to programs.' },
} as const;

type Arguments = ArgumentsOf<typeof specs>;

export default defineAction({
  name: 'community.general.npm',
  summary: 'Installs and removes packages of Node.js with npm.',
  args: specs,
  returns: {},
  notes: ['It needs npm on the host'],
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    if (args.path === undefined && !args.global)
      throw new ModuleFailure('path must be specified when not using global');
    if (args.state === 'absent' && args.name === undefined) {
      throw new ModuleFailure('uninstalling a package is only available for named packages');
    }
    if (args.ci) {
      await change('ci', args, context, false);
      return { changed: true };
    }
    const { installed, missing } = await list(args, context);
    if (args.state === 'absent') {
      const isThere = installed.has(args.name!);
      if (isThere) await change('uninstall', args, context);
      return { changed: isThere };
    }
    const isOutdated = args.state === 'latest' && (await outdated(args, context)).length > 0;
    if (missing) await change('install', args, context);
    if (isOutdated) await change('update', args, context);
    return { changed: missing || isOutdated };
  },
});

/** A package with its version, as npm takes it. */
const spec = ({ name, version, state }: Arguments): string | undefined =>
  name !== undefined && version !== undefined && state !== 'absent' ? `${name}@${version}` : name;

const npm = (
  args: Arguments,
  context: ModuleContext,
  words: readonly string[],
  hasName: boolean,
): Promise<ToolReply> => {
  const wanted = spec(args);
  const installs = ['install', 'update', 'ci'].includes(words[0]!);
  const options = [
    ...words,
    ...(args.global ? ['--global'] : []),
    ...(args.production && installs ? ['--production'] : []),
    ...(args.ignore_scripts ? ['--ignore-scripts'] : []),
    ...(args.unsafe_perm ? ['--unsafe-perm'] : []),
    ...(wanted !== undefined && hasName ? [wanted] : []),
    ...(args.registry === undefined ? [] : ['--registry', args.registry]),
    ...(args.no_optional ? ['--no-optional'] : []),
    ...(args.no_bin_links ? ['--no-bin-links'] : []),
  ];
  return runManager(args.executable ?? 'npm', options, context, { folder: folderScript(args, context.check) });
};

/** Goes into the project's folder. A check run makes none, and looks at an empty one then. */
const folderScript = ({ path }: Arguments, check: boolean): Script => {
  if (path === undefined) return sh`:`;
  const word = expandedWord(path);
  const make = check ? sh`{ echo '{}'; exit 0; }` : sh`mkdir -p -- ${word} || exit`;
  return sh`[ -e ${word} ] || ${make}
[ -d ${word} ] || { printf 'path %s is not a directory' ${word} >&2; exit 1; }
CDPATH= cd -- ${word} || exit`;
};

interface Listed {
  readonly installed: ReadonlySet<string>;
  /** Something that is wanted is not there. */
  readonly missing: boolean;
}

/** What is there of what is wanted. */
const list = async (args: Arguments, context: ModuleContext): Promise<Listed> => {
  const reply = await npm(args, context, ['list', '--json', '--long'], true);
  const dependencies = readDependencies(reply);
  if (!dependencies) return { installed: new Set(), missing: true };
  const installed = new Set<string>();
  let isIncomplete = false;
  for (const [name, { missing, invalid, version }] of Object.entries(dependencies)) {
    if (missing || invalid) isIncomplete = true;
    else {
      installed.add(name);
      if (typeof version === 'string') installed.add(`${name}@${version}`);
    }
  }
  const wanted = spec(args);
  return { installed, missing: isIncomplete || (wanted !== undefined && !installed.has(wanted)) };
};

const readDependencies = (reply: ToolReply): Record<string, { [key: string]: Json }> | undefined => {
  if (reply.stdout.trim() === '' && reply.code !== 0) throw managerFailure(reply.stderr.trim(), reply);
  try {
    const { dependencies } = JSON.parse(reply.stdout || '{}') as {
      dependencies?: Record<string, { [key: string]: Json }>;
    };
    return dependencies;
  } catch (error) {
    throw managerFailure(`Failed to parse NPM output with error ${(error as Error).message}`, reply);
  }
};

/** The packages that have newer versions. */
const outdated = async (args: Arguments, context: ModuleContext): Promise<string[]> => {
  const { stdout } = await npm(args, context, ['outdated'], false);
  // The first line has the titles of a table.
  return linesOf(stdout).filter((line) => !line.startsWith('Package '));
};

const change = async (verb: string, args: Arguments, context: ModuleContext, hasName = true): Promise<void> => {
  if (!context.check) managerMustGo(await npm(args, context, [verb], hasName));
};
