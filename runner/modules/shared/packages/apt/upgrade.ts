import type { ModuleContext, ResultObject } from '../../../define.ts';
import { didNothing, dpkgOptions, refuseRun, runApt, runValues } from './apt-get.ts';
import type { AptArguments } from './arguments.ts';
import { isWord } from './remove.ts';

/** Upgrades the whole host, by aptitude where Ansible uses it. */
export const upgradeHost = async (
  mode: Exclude<AptArguments['upgrade'], 'no'>,
  hasAptitude: boolean,
  args: AptArguments,
  context: ModuleContext,
): Promise<ResultObject> => {
  const usesAptitude = hasAptitude && !args.force_apt_get && mode !== 'dist';
  const tool = usesAptitude ? 'aptitude' : 'apt-get';
  const removal = args.autoremove ? ['--auto-remove'] : [];
  const subcommand = usesAptitude
    ? [mode === 'full' ? 'full-upgrade' : 'safe-upgrade']
    : mode === 'dist' || mode === 'full'
      ? ['dist-upgrade', ...removal]
      : ['upgrade', '--with-new-pkgs', ...removal];
  const command: (string | false)[] = [
    ...[tool, '-y', ...dpkgOptions(args)],
    ...(args.force ? (usesAptitude ? ['--assume-yes', '--allow-untrusted'] : ['--force-yes']) : []),
    args.fail_on_autoremove && '--no-remove',
    args.allow_unauthenticated && '--allow-unauthenticated',
    args.allow_downgrade && '--allow-downgrades',
    context.check && '--simulate',
    ...subcommand,
    ...(args.default_release ? ['-t', args.default_release] : []),
  ];
  const run = await runApt(command.filter(isWord), args, context);
  if (run.code !== 0) refuseRun(`'${tool} ${subcommand.join(' ')}'`, run);
  return { changed: !didNothing(run.stdout), msg: run.stdout, ...runValues(run, context) };
};
