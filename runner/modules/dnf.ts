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
  notes: ['Tested against output in the format of dnf 4.14 and yum 3.4, and not against the tools themselves'],
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
      if (args.autoremove) return execute([{ subcommand: 'autoremove', specs: [] }], 'remove', args, context);
      if (args.update_cache) return updateCache(args, context);
      return nothingToDo();
    }
    const wanted = stateOf(args);
    if (wanted === 'latest' && names.includes('*')) {
      return execute([{ subcommand: 'upgrade', options: updateOptions(args), specs: [] }], 'install', args, context);
    }
    const installed = readInstalled(
      await runScript(context.target, lines(sh`export LC_ALL=C`, probeInstalled(names, args.installroot))),
    );
    const runs = planRuns(wanted, names, installed, args);
    return runs.length === 0 ? nothingToDo() : execute(runs, wanted === 'absent' ? 'remove' : 'install', args, context);
  },
});

const nothingToDo = (): ResultObject => ({ changed: false, rc: 0, msg: 'Nothing to do', results: [] });

const stateOf = ({ state, autoremove }: DnfArguments): 'present' | 'latest' | 'absent' => {
  if (state === 'latest') return 'latest';
  return state === 'absent' || state === 'removed' || (state === undefined && autoremove) ? 'absent' : 'present';
};

const updateOptions = (args: DnfArguments): string[] => [
  ...(args.security ? ['--security'] : []),
  ...(args.bugfix ? ['--bugfix'] : []),
];

/** What the package manager has to be run for; nothing where rpm knows that all is as asked. */
const planRuns = (
  wanted: 'present' | 'latest' | 'absent',
  names: readonly string[],
  installed: InstalledState,
  args: DnfArguments,
): ToolRun[] => {
  const isThere = (name: string): boolean => isPlainSpec(name) && isInstalled(name, installed);
  if (wanted === 'absent') {
    const specs = names.filter((name) => isThere(name) || !isPlainSpec(name));
    const option = `--setopt=clean_requirements_on_remove=${args.autoremove ? 'True' : 'False'}`;
    return specs.length === 0 ? [] : [{ subcommand: 'remove', options: [option], specs }];
  }
  const isKept = (name: string): boolean => !args.allow_downgrade && isNewerInstalled(name, installed);
  const missing = names.filter((name) => !isThere(name) && !isKept(name));
  if (wanted === 'present') return missing.length === 0 ? [] : [{ subcommand: 'install', specs: missing }];
  const present = names.filter(isThere);
  return [
    ...(missing.length > 0 && !args.update_only ? [{ subcommand: 'install', specs: missing }] : []),
    ...(present.length > 0 ? [{ subcommand: 'upgrade', options: updateOptions(args), specs: present }] : []),
  ];
};

const execute = async (
  runs: readonly ToolRun[],
  what: 'install' | 'remove',
  args: DnfArguments,
  context: ModuleContext,
): Promise<ResultObject> => {
  const result = await runTool(runs, args, context);
  refuseTool(result, what, context.check);
  const results = transactionResults(result);
  if (results.length === 0 && !(args.download_only && /Complete!|exiting because/i.test(result.stdout))) {
    return nothingToDo();
  }
  const msg = context.check ? 'Check mode: No changes made, but would have if not in check mode' : '';
  return { changed: true, rc: 0, msg, results };
};

const updateCache = async (args: DnfArguments, context: ModuleContext): Promise<ResultObject> => {
  const result = await runTool([{ subcommand: 'makecache', specs: [] }], args, context);
  if (result.code !== 0) {
    throw new ModuleFailure(`Failed to synchronize repodata: ${result.error || result.stderr.trim()}`, {
      rc: 1,
      results: [],
      ...outputValues(result.stdout, result.stderr),
    });
  }
  return { changed: false, rc: 0, msg: 'Cache updated', results: [] };
};
