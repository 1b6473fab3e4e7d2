import type { ModuleContext, ResultObject } from '../../../define.ts';
import { dpkgOptions, refuseRun, runApt, runValues } from './apt-get.ts';
import type { AptArguments } from './arguments.ts';
import { expandPatterns, wordsToRemove } from './candidates.ts';
import type { AptState } from './probe.ts';

/** Takes packages from the host. */
export const removePackages = async (
  packages: readonly string[],
  state: AptState,
  args: AptArguments,
  context: ModuleContext,
): Promise<ResultObject> => {
  const words = wordsToRemove(expandPatterns(packages, state), state, args.purge);
  if (words.length === 0) return { changed: false };
  const command: (string | false)[] = [
    ...['apt-get', '-q', '-y', ...dpkgOptions(args)],
    args.purge && '--purge',
    args.force && '--force-yes',
    args.autoremove && '--auto-remove',
    context.check && '--simulate',
    'remove',
    ...words,
  ];
  const run = await runApt(command.filter(isWord), args, context);
  if (run.code !== 0) refuseRun(`'apt-get remove ${words.map((word) => `'${word}'`).join(' ')}'`, run);
  return { changed: true, ...runValues(run, context) };
};

/** Runs `apt-get autoremove` or `autoclean`. */
export const cleanUp = async (
  operation: 'autoremove' | 'autoclean',
  args: AptArguments,
  context: ModuleContext,
): Promise<ResultObject> => {
  const command: (string | false)[] = [
    ...['apt-get', '-y', ...dpkgOptions(args)],
    args.purge && '--purge',
    args.force && '--force-yes',
    operation,
    context.check && '--simulate',
  ];
  const run = await runApt(command.filter(isWord), args, context);
  if (run.code !== 0) refuseRun(`'apt-get ${operation}'`, run);
  const sign = operation === 'autoremove' ? 'The following packages will be REMOVED' : 'Del ';
  return { changed: run.stdout.includes(sign), ...runValues(run, context) };
};

/** Runs `apt-get clean`. Ansible does so under --check as well; here a check run only tells. */
export const cleanDownloads = async (args: AptArguments, context: ModuleContext): Promise<ResultObject> => {
  const command: (string | false)[] = ['apt-get', context.check && '--simulate', 'clean'];
  const run = await runApt(command.filter(isWord), { ...args, policy_rc_d: undefined }, context);
  if (run.code !== 0 || run.stderr !== '') refuseRun('apt-get clean', run);
  return { changed: true, msg: run.stdout, ...runValues(run, context) };
};

/** Keeps the words of a command that apply. */
export const isWord = (word: string | false): word is string => word !== false;
