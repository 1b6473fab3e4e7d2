import { lines, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { outputValues } from './shared/commands/decode.ts';
import { runScript } from './shared/files/reply.ts';
import {
  type DnfArguments,
  dnfArguments,
  type InstalledState,
  isInstalled,
  isNamedInstalled,
  isNewerInstalled,
  isPlainSpec,
  listPackages,
  probeInstalled,
  readInstalled,
  refuseTool,
  runTool,
  type ToolRun,
  transactionResults,
} from './shared/packages/rpm/index.ts';

export default defineAction({
  name: 'ansible.builtin.dnf',
  aliases: ['ansible.builtin.yum'],
  summary: 'Installs, upgrades and removes packages of Red Hat and its relatives.',
  args: dnfArguments,
  mutuallyExclusive: [
    ['name', 'list'],
    ['autoremove', 'list'],
  ],
  requiredOneOf: [['name', 'list', 'update_cache', 'autoremove']],
  returns: {
    results: 'What was done, or what was listed.',
    msg: 'That there was nothing to do, or what went wrong.',
    rc: 'Exit code of dnf.',
    failures: 'What could not be found.',
  },
  notes: [
    'Compared with Ansible on hosts that have dnf 4.14; of the old yum, whose hosts are gone, only the format of its output is known',
    'Groups and environments are marked as installed, as dnf itself does it',
  ],
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    if (args.list !== undefined) {
      return { changed: false, msg: '', results: await listPackages(args.list, args, context) };
    }
    const names = args.name.map((name) => name.trim()).filter((name) => name !== '');
    if (args.state === 'latest' && args.autoremove) {
      throw new ModuleFailure('Autoremove should be used alone or with state=absent', { results: [] });
    }
    if (names.length === 0) {
      if (args.autoremove) return execute({ runs: [autoremove], what: 'remove' }, args, context);
      if (args.update_cache) return updateCache(args, context);
      return nothingToDo();
    }
    const wanted = stateOf(args);
    if (wanted === 'latest' && names.length === 1 && names[0] === '*') {
      const all = { subcommand: 'upgrade', options: updateOptions(args), specs: [] };
      return execute({ runs: [all], what: 'install' }, args, context);
    }
    if (wanted === 'absent' && names.some(isFile)) {
      throw new ModuleFailure('Cannot remove paths -- please specify package name.', { results: [] });
    }
    const installed = readInstalled(
      await runScript(context.target, lines(sh`export LC_ALL=C`, probeInstalled(names, args.installroot))),
    );
    const plan = wanted === 'absent' ? planRemoval(names, installed, args) : planRuns(wanted, names, installed, args);
    return plan.runs.length === 0 ? nothingToDo(plan.said) : execute(plan, args, context);
  },
});

const nothingToDo = (results: readonly string[] = []): ResultObject => ({
  changed: false,
  rc: 0,
  msg: 'Nothing to do',
  results: [...results],
});

const autoremove: ToolRun = { subcommand: 'autoremove', specs: [] };

const isFile = (name: string): boolean => name.includes('://') || name.endsWith('.rpm');
const isGroup = (name: string): boolean => name.startsWith('@');

const stateOf = ({ state, autoremove }: DnfArguments): 'present' | 'latest' | 'absent' => {
  if (state === 'latest') return 'latest';
  return state === 'absent' || state === 'removed' || (state === undefined && autoremove) ? 'absent' : 'present';
};

const updateOptions = (args: DnfArguments): string[] => [
  ...(args.security ? ['--security'] : []),
  ...(args.bugfix ? ['--bugfix'] : []),
];

/** What the package manager is run for, and what is told besides of what it does. */
interface Plan {
  readonly runs: readonly ToolRun[];
  readonly what: 'install' | 'remove';
  readonly said?: readonly string[];
}

/** What has to be removed: what rpm knows to be there, and what only the package manager understands. */
const planRemoval = (names: readonly string[], installed: InstalledState, args: DnfArguments): Plan => {
  const specs = names.filter((name) => !isPlainSpec(name) || isInstalled(name, installed));
  return {
    runs: [...(specs.length > 0 ? [{ subcommand: 'remove', specs }] : []), ...(args.autoremove ? [autoremove] : [])],
    what: 'remove',
  };
};

/** What has to be installed or upgraded; nothing where rpm knows that all is as asked. */
const planRuns = (
  wanted: 'present' | 'latest',
  names: readonly string[],
  installed: InstalledState,
  args: DnfArguments,
): Plan => {
  const isPackage = (name: string): boolean => !isFile(name) && !isGroup(name);
  const isNamed = (name: string): boolean => isPlainSpec(name) && isNamedInstalled(name, installed);
  const isThere = (name: string): boolean => isPlainSpec(name) && isInstalled(name, installed);
  const isKept = (name: string): boolean => !args.allow_downgrade && isNewerInstalled(name, installed);
  const present = names.filter((name) => isPackage(name) && isNamed(name));
  const missing = names.filter((name) => !present.includes(name) && !isKept(name));
  const left = args.update_only ? missing.filter(isPackage) : [];
  const specs = missing.filter((name) => !left.includes(name) && (wanted === 'latest' || !isThere(name)));
  const best = wanted === 'latest' && !args.nobest && !args.update_only ? ['--best'] : [];
  const upgrades = present.length > 0 && (wanted === 'latest' || args.update_only);
  return {
    runs: [
      ...(specs.length > 0 ? [{ subcommand: 'install', newOptions: best, specs }] : []),
      ...(upgrades ? [{ subcommand: 'upgrade', options: updateOptions(args), newOptions: best, specs: present }] : []),
    ],
    what: 'install',
    said: [
      ...names.filter(isFile).map((name) => `Installed ${name}`),
      ...names.filter(isGroup).map((name) => `Group ${name.slice(1)} installed.`),
      ...left.map((name) => `Packages providing ${name} not installed due to update_only specified`),
    ],
  };
};

const execute = async (
  { runs, what, said = [] }: Plan,
  args: DnfArguments,
  context: ModuleContext,
): Promise<ResultObject> => {
  const result = await runTool(runs, args, context);
  refuseTool(
    result,
    what,
    runs.flatMap(({ specs }) => specs),
    context.check,
  );
  const done = transactionResults(result, args.download_only ? 'Downloaded' : 'Installed');
  const told = [
    ...said,
    ...(what === 'remove' ? [...result.unmatched.keys()].map((spec) => `${spec} is not installed`) : []),
  ];
  if (done.length === 0) return nothingToDo(told);
  const msg = context.check ? 'Check mode: No changes made, but would have if not in check mode' : '';
  return { changed: true, rc: 0, msg, results: [...told, ...done] };
};

const updateCache = async (args: DnfArguments, context: ModuleContext): Promise<ResultObject> => {
  const result = await runTool([{ subcommand: 'makecache', specs: [] }], args, context);
  if (result.code !== 0) {
    throw new ModuleFailure(`Failed to synchronize repodata: ${result.error.trim() || result.stderr.trim()}`, {
      cmd: result.command,
      rc: 1,
      results: [],
      ...outputValues(result.stdout, result.stderr),
    });
  }
  return { changed: false, rc: 0, msg: 'Cache updated', results: [] };
};
