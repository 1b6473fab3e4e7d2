import type { Config } from '../config/index.ts';
import type { RunOptions } from '../engine/index.ts';
import type { RunFlags } from './run-options.ts';

/** How the engine is to run: the flags of the command line, and the configuration where they are silent. */
export const engineOptions = (flags: RunFlags, config: Config, connection: RunOptions['connection']): RunOptions => ({
  check: flags.check ?? false,
  checkModePredicts: config.checkModePredicts,
  looksAhead: config.lookAhead,
  diff: flags.diff ?? config.diffAlways,
  forks: readForks(flags, config),
  tags: listOf(flags.tags, config.tagsRun),
  skipTags: listOf(flags.skipTags, config.tagsSkip),
  startAtTask: flags.startAtTask,
  step: flags.step ?? false,
  debugger: config.enableTaskDebugger,
  debuggerIgnoresErrors: config.taskDebuggerIgnoreErrors,
  forceHandlers: flags.forceHandlers ?? config.forceHandlers,
  gathering: config.gathering,
  anyErrorsFatal: config.anyErrorsFatal,
  noLog: config.noLog,
  pollInterval: config.pollInterval,
  hasPrivateRoleVars: config.privateRoleVars,
  injectFacts: config.injectFactsAsVars,
  taskTimeout: config.taskTimeout,
  strategy: config.strategy,
  errorOnMissingHandler: config.errorOnMissingHandler,
  errorOnUndefined: config.errorOnUndefinedVars,
  gatherSubset: config.gatherSubset ?? ['all'],
  gatherTimeout: config.gatherTimeout ?? 10,
  jinja2Native: config.jinja2Native,
  mergesHashes: config.hashBehaviour === 'merge',
  connection,
});

/** muster's work on a host costs the controller little, so many hosts are worked on at once unless somebody says otherwise. */
const defaultForks = 50;

const readForks = (flags: RunFlags, config: Config): number => {
  if (flags.forks !== undefined) return Number(flags.forks);
  return config.sourceOf('forks').kind === 'default' ? defaultForks : config.forks;
};

/** Tags of the command line, as comma-separated lists that may be given several times, and those of the configuration. */
const listOf = (given: readonly string[] = [], configured: readonly string[]): string[] => [
  ...new Set([...given, ...configured].flatMap((text) => text.split(',')).map((text) => text.trim())),
];
