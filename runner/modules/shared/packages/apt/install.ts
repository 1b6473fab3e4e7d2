import { type Script, sh } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { ModuleContext, ResultObject } from '../../../define.ts';
import { runScript } from '../../files/reply.ts';
import { didNothing, dpkgOptions, refuseRun, runApt, runValues, showCommand } from './apt-get.ts';
import type { AptArguments } from './arguments.ts';
import { expandPatterns, namesToMark, wordsToInstall } from './candidates.ts';
import { type AptState, parseInstalled } from './probe.ts';

/** Brings packages onto the host, when they are not there as asked for. */
export const installPackages = async (
  packages: readonly string[],
  probed: AptState,
  args: AptArguments,
  context: ModuleContext,
): Promise<ResultObject> => {
  const isBuildDependency = args.state === 'build-dep';
  const state = await withProviders(probed, context);
  const specs = expandPatterns(packages, state);
  const words = isBuildDependency
    ? specs.map(({ text }) => text)
    : wordsToInstall(specs, state, { newest: args.state === 'latest', onlyUpgrade: args.only_upgrade });
  const marks = isBuildDependency || context.check ? [] : namesToMark(specs, state);
  const mark = marks.length > 0 ? markManual(marks) : undefined;
  if (words.length === 0) {
    if (mark) await context.target.run(mark);
    return { changed: false };
  }
  const command = installCommand(words, args, context.check);
  const run = await runApt(command, args, context, mark);
  if (run.code !== 0) refuseRun(`'${showCommand(command)}'`, run);
  return { changed: !didNothing(run.stdout), ...runValues(run, context) };
};

/** The command that installs `words` as a task's arguments say. */
const installCommand = (words: readonly string[], args: AptArguments, check: boolean): string[] => {
  const given: (string | false)[] = [
    'apt-get',
    '-y',
    ...dpkgOptions(args),
    args.only_upgrade && '--only-upgrade',
    args.state === 'fixed' && '--fix-broken',
    args.force && '--force-yes',
    args.autoremove && args.state !== 'build-dep' && '--auto-remove',
    args.fail_on_autoremove && '--no-remove',
    check && '--simulate',
    args.state === 'build-dep' ? 'build-dep' : 'install',
    ...words,
  ];
  if (args.default_release) given.push('-t', args.default_release);
  if (args.install_recommends !== undefined) {
    given.push('-o', `APT::Install-Recommends=${args.install_recommends ? 'yes' : 'no'}`);
  }
  given.push(
    args.allow_unauthenticated && '--allow-unauthenticated',
    args.allow_downgrade && '--allow-downgrades',
    args.allow_change_held_packages && '--allow-change-held-packages',
  );
  return given.filter((word) => word !== false);
};

const markManual = (names: readonly string[]): Script => sh`apt-mark manual ${names} >/dev/null`;

/** Looks up the packages that alone provide a name that was asked for; rarely needed, and then a round trip of its own. */
const withProviders = async (state: AptState, context: ModuleContext): Promise<AptState> => {
  const sole = [...state.providers.values()].filter(({ length }) => length === 1).flat();
  if (sole.length === 0) return state;
  const reader = await runScript(
    context.target,
    sh`dpkg-query -W -f '\${Package}\\t\${Architecture}\\t\${db:Status-Abbrev}\\t\${Version}\\n' ${sole} 2>/dev/null; printf '\\0'`,
  );
  return { ...state, installed: new Map([...parseInstalled(reader.field()), ...state.installed]) };
};

/** Refuses what cannot be meant. */
export const checkPackageNames = (packages: readonly string[]): void => {
  for (const text of packages) {
    if (text.split('=').length > 2) throw new ModuleFailure(`invalid package spec: ${text}`);
  }
};
