import { lines, type Script, sh } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { ModuleContext } from '../../../define.ts';
import { decodeOutput } from '../../commands/decode.ts';
import { joinWords } from '../../commands/shlex.ts';
import type { DnfArguments } from './arguments.ts';
import { allInstalled, readPackages } from './installed.ts';
import { type Complaints, plannedTransaction, readComplaints, type Transaction, transactionOf } from './output.ts';

/** Options that both tools have, as a task's arguments mean them. */
export const commonOptions = (args: DnfArguments): string[] => {
  const given: (string | false)[] = [
    args.conf_file !== undefined && `--config=${args.conf_file}`,
    args.installroot !== '/' && `--installroot=${args.installroot}`,
    args.releasever !== undefined && `--releasever=${args.releasever}`,
    ...args.disablerepo.map((repo) => `--disablerepo=${repo}`),
    ...args.enablerepo.map((repo) => `--enablerepo=${repo}`),
    ...args.exclude.map((name) => `--exclude=${name}`),
    ...args.disable_plugin.map((name) => `--disableplugin=${name}`),
    ...args.enable_plugin.map((name) => `--enableplugin=${name}`),
    args.disable_excludes !== undefined && `--disableexcludes=${args.disable_excludes}`,
    args.disable_gpg_check && '--nogpgcheck',
    args.cacheonly && '--cacheonly',
    args.skip_broken && '--skip-broken',
    args.download_only && '--downloadonly',
    args.download_dir !== undefined && `--downloaddir=${args.download_dir}`,
    !args.install_weak_deps && '--setopt=install_weak_deps=False',
    !args.sslverify && '--setopt=sslverify=False',
    `--setopt=clean_requirements_on_remove=${args.autoremove ? 'True' : 'False'}`,
  ];
  return given.filter((word) => word !== false);
};

/** Options that the old yum would refuse. */
const newOptions = (args: DnfArguments): string[] => [
  ...(args.allowerasing ? ['--allowerasing'] : []),
  ...(args.nobest ? ['--nobest'] : []),
  ...(args.update_cache ? ['--refresh'] : []),
  // Repositories that say nothing of it themselves are checked, and files as well.
  ...(args.disable_gpg_check ? [] : ['--setopt=gpgcheck=True', '--setopt=localpkg_gpgcheck=True']),
];

/** One run of the package manager: its subcommand and what it is for. */
export interface ToolRun {
  readonly subcommand: string;
  readonly options?: readonly string[];
  /** Options for all but the old yum. */
  readonly newOptions?: readonly string[];
  readonly specs: readonly string[];
}

export interface ToolResult extends Transaction, Complaints {
  /** The command line of the run that failed, or of the first. */
  readonly command: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Sets $m_tool to the package manager of the host, or ends the script; $m_new when it is not the old yum. */
export const findTool = (args: Pick<DnfArguments, 'use_backend'>): Script => {
  const wanted = { auto: '', yum: 'yum', yum4: 'dnf', dnf: 'dnf', dnf4: 'dnf', dnf5: 'dnf5' }[args.use_backend];
  const names = wanted === '' ? ['dnf', 'microdnf', 'yum'] : [wanted];
  return sh`m_tool= m_rc=0 m_failed=0
for m_t in ${names}; do if command -v "$m_t" >/dev/null; then m_tool=$m_t; break; fi; done
[ -n "$m_tool" ] || exit 127
case $m_tool in yum) m_new= ;; *) m_new=1 ;; esac
export LC_ALL=C`;
};

/** The words of a run: `more` are those that the old yum would refuse. */
const wordsOf = (
  { subcommand, options = [], newOptions: more = [], specs }: ToolRun,
  args: DnfArguments,
  check: boolean,
): { old: string[]; more: string[]; rest: string[] } => ({
  old: [check ? '--assumeno' : '-y', ...commonOptions(args)],
  more: [...newOptions(args), ...more],
  rest: [...options, subcommand, ...specs],
});

const commandLine = (tool: string, run: ToolRun, args: DnfArguments, check: boolean): string => {
  const { old, more, rest } = wordsOf(run, args, check);
  return joinWords([tool, ...old, ...(tool === 'yum' ? [] : more), ...rest]);
};

/**
 * Runs the package manager, in one round trip for all runs; ends with the first that fails. What it has changed is seen by
 * rpm's lists before and after; what it would change, by its table.
 */
export const runTool = async (
  runs: readonly ToolRun[],
  args: DnfArguments,
  context: ModuleContext,
): Promise<ToolResult> => {
  const { check } = context;
  const onlyPlans = check || args.download_only;
  const reply = await context.target.run(
    lines(
      findTool(args),
      sh`m_before=$(${allInstalled(args.installroot)})`,
      args.update_cache && sh`if [ -z "$m_new" ]; then yum -q clean expire-cache >/dev/null; fi`,
      ...runs.map((run, index) => {
        const { old, more, rest } = wordsOf(run, args, check);
        return sh`m_more=; [ -z "$m_new" ] || m_more=${more.join(' ')}
"$m_tool" ${old} $m_more ${rest} || { m_rc=$?; m_failed=${index}; }
[ "$m_rc" -eq 0 ] || ${check ? sh`:` : sh`{ printf '\\0%s\\0%s' "$m_tool" "$m_failed"; exit "$m_rc"; }`}`;
      }),
      sh`printf '\\0%s\\0%s' "$m_tool" "$m_failed"`,
      onlyPlans
        ? sh`printf '\\0%s' "$m_before"`
        : sh`m_after=$(${allInstalled(args.installroot)})
[ "$m_before" = "$m_after" ] || printf '\\0%s\\0%s' "$m_before" "$m_after"`,
      sh`exit "$m_rc"`,
    ),
    { onOutput: withoutLists(context) },
  );
  if (reply.code === 127) {
    throw new ModuleFailure('neither dnf nor yum is on the host', { rc: 127, results: [] });
  }
  const [stdout = '', tool = '', failed = '', before = '', after = ''] = decodeOutput(reply.stdout).split('\0');
  const stderr = decodeOutput(reply.stderr);
  const complaints = readComplaints(stdout, stderr);
  // A repository that there is not is none that could be used.
  const unknown = /^Unknown repo: '(.+)'$/.exec(complaints.error)?.[1];
  if (reply.code !== 0 && unknown !== undefined && args.enablerepo.includes(unknown)) {
    return runTool(runs, { ...args, enablerepo: args.enablerepo.filter((repo) => repo !== unknown) }, context);
  }
  return {
    ...(onlyPlans
      ? plannedTransaction(stdout, readPackages(before))
      : transactionOf(readPackages(before), readPackages(after))),
    ...complaints,
    command: commandLine(tool, runs[Number(failed)]!, args, check),
    code: reply.code,
    stdout,
    stderr,
  };
};

/** Passes on what the package manager says, and not the lists behind it. */
const withoutLists = ({ output }: ModuleContext): ModuleContext['output'] => {
  let isOver = false;
  return (stream, chunk) => {
    if (stream === 'stderr') output(stream, chunk);
    else if (!isOver) {
      const end = chunk.indexOf(0);
      isOver = end !== -1;
      const shown = isOver ? chunk.subarray(0, end) : chunk;
      if (shown.length > 0) output(stream, shown);
    }
  };
};
