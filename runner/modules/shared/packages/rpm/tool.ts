import { lines, type Script, sh } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { ModuleContext } from '../../../define.ts';
import { decodeOutput, outputValues } from '../../commands/decode.ts';
import type { DnfArguments } from './arguments.ts';
import { parseTransaction, type Transaction } from './output.ts';

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
  ];
  return given.filter((word) => word !== false);
};

/** One run of the package manager: its subcommand and what it is for. */
export interface ToolRun {
  readonly subcommand: string;
  readonly options?: readonly string[];
  readonly specs: readonly string[];
}

export interface ToolResult extends Transaction {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Sets $m_tool to the package manager of the host, or ends the script; $m_new when it is not the old yum. */
export const findTool = (args: Pick<DnfArguments, 'use_backend'>): Script => {
  const wanted = { auto: '', yum: 'yum', yum4: 'dnf', dnf: 'dnf', dnf4: 'dnf', dnf5: 'dnf5' }[args.use_backend];
  const names = wanted === '' ? ['dnf', 'microdnf', 'yum'] : [wanted];
  return sh`m_tool= m_rc=0
for m_t in ${names}; do if command -v "$m_t" >/dev/null; then m_tool=$m_t; break; fi; done
[ -n "$m_tool" ] || exit 127
case $m_tool in yum) m_new= ;; *) m_new=1 ;; esac
export LC_ALL=C`;
};

/** Runs the package manager, in one round trip for all runs; ends with the first that fails. */
export const runTool = async (
  runs: readonly ToolRun[],
  args: DnfArguments,
  context: ModuleContext,
): Promise<ToolResult> => {
  const { check } = context;
  // These are dnf's alone; the old yum would refuse them.
  const newOptions = [
    ...(args.allowerasing ? ['--allowerasing'] : []),
    ...(args.nobest ? ['--nobest'] : []),
    ...(args.update_cache ? ['--refresh'] : []),
  ];
  const reply = await context.target.run(
    lines(
      findTool(args),
      args.update_cache && sh`if [ -z "$m_new" ]; then yum -q clean expire-cache >/dev/null; fi`,
      newOptions.length > 0 && sh`m_more=; if [ -n "$m_new" ]; then m_more=${newOptions.join(' ')}; fi`,
      ...runs.map(
        ({ subcommand, options = [], specs }) =>
          sh`"$m_tool" ${check ? '--assumeno' : '-y'} ${commonOptions(args)} ${newOptions.length > 0 ? sh`$m_more` : sh``} ${[...options]} ${subcommand} ${[...specs]} || m_rc=$?
[ "$m_rc" -eq 0 ]${check ? sh` || :` : sh` || exit "$m_rc"`}`,
      ),
      check ? sh`exit "$m_rc"` : undefined,
    ),
    { onOutput: context.output },
  );
  if (reply.code === 127) {
    throw new ModuleFailure('neither dnf nor yum is on the host', { rc: 127, results: [] });
  }
  const stdout = decodeOutput(reply.stdout);
  const stderr = decodeOutput(reply.stderr);
  return { ...parseTransaction(stdout, stderr), code: reply.code, stdout, stderr };
};

/** Fails as Ansible words it, when a run did. */
export const refuseTool = (result: ToolResult, what: 'install' | 'remove', check: boolean): void => {
  const isAborted = check && /Operation aborted|Exiting on user command/.test(result.stdout + result.stderr);
  if (result.code === 0 || isAborted) return;
  const rest = { rc: result.code, results: [], ...outputValues(result.stdout, result.stderr) };
  if (result.unmatched.length > 0 && what === 'install') {
    throw new ModuleFailure('Failed to install some of the specified packages', {
      ...rest,
      failures: result.unmatched.map((spec) => `No package ${spec} available.`),
    });
  }
  const error = result.error || result.stderr.trim() || result.stdout.trim();
  throw new ModuleFailure(/^\s*Problem/.test(error) ? `Depsolve Error occurred: ${error}` : error, rest);
};
