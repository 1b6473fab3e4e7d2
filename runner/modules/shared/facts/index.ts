// The facts of a host: what each of Ansible's collectors asks, how the answers are read, and the one script that asks.

import type { ModuleContext } from '../../define.ts';
import type { Collector, Facts } from './collector.ts';
import { dateTime } from './date-time.ts';
import { distribution } from './distribution.ts';
import { readDump } from './dump.ts';
import { factsScript } from './gather.ts';
import { hardware } from './hardware.ts';
import { local } from './local.ts';
import { lsb } from './lsb.ts';
import { packageManager, serviceManager } from './managers.ts';
import { network } from './network.ts';
import { platform } from './platform.ts';
import { python, readPython } from './python.ts';
import { selectCollectors } from './subsets.ts';
import * as system from './system.ts';
import { facter, ohai } from './tools.ts';
import { virtual } from './virtual.ts';

// Each one after those that it needs.
export const collectors: readonly Collector[] = [
  platform,
  distribution,
  lsb,
  system.selinux,
  system.apparmor,
  system.chroot,
  system.fips,
  python,
  system.capabilities,
  packageManager,
  serviceManager,
  system.cmdline,
  dateTime,
  system.environment,
  system.loadavg,
  system.sshKeys,
  system.user,
  virtual,
  hardware,
  system.dns,
  system.fibreChannel,
  network,
  system.iscsi,
  system.nvme,
  local,
  facter,
  ohai,
];

export interface GatherOptions {
  readonly subset: readonly string[];
  readonly filter: readonly string[];
  readonly timeout: number;
  readonly factPath: string;
}

/** Gathers facts in one round trip, with the names and values that Ansible gives them. */
export const gatherFacts = async (options: GatherOptions, context: ModuleContext): Promise<Facts> => {
  const chosen = selectCollectors(collectors, options.subset);
  const given = context.controller.variable('ansible_python_interpreter');
  const interpreter = typeof given === 'string' && !given.startsWith('auto') ? given : undefined;
  const { script, word } = factsScript(chosen, {
    timeout: options.timeout,
    factPath: options.factPath,
    python: interpreter,
  });
  const { stdout } = await context.target.run(script);
  const dump = readDump(stdout, word);

  const known: Facts = {};
  const facts: Facts = {};
  for (const collector of chosen) {
    const found = collector.read(dump, known, (message) => context.warn(message));
    const prefix = collector.prefix ?? 'ansible_';
    for (const [name, value] of Object.entries(found)) {
      if (value === undefined) continue;
      known[name] = value;
      facts[prefix + name] = value;
    }
  }
  facts.gather_subset = [...(options.subset.length === 0 ? ['all'] : options.subset)];
  facts.module_setup = true;
  const filtered = filterFacts(facts, options.filter);
  const discovered = interpreter === undefined ? readPython(dump)?.path : undefined;
  if (discovered !== undefined && discovered !== '') filtered.discovered_interpreter_python = discovered;
  return filtered;
};

/** Keeps the facts that match one of the patterns, with or without their prefix; no pattern keeps all. */
const filterFacts = (facts: Facts, filter: readonly string[]): Facts => {
  if (filter.length === 0) return facts;
  const patterns = filter.flatMap((entry) => {
    if (entry === '') return [/^/];
    return /^(ansible_|facter|ohai)/.test(entry)
      ? [globPattern(entry)]
      : [globPattern(entry), globPattern(`ansible_${entry}`)];
  });
  return Object.fromEntries(Object.entries(facts).filter(([name]) => patterns.some((pattern) => pattern.test(name))));
};

/** Python's fnmatch: *, ?, [seq] and [!seq]. */
const globPattern = (glob: string): RegExp => {
  const source = glob.replace(/\*|\?|\[!?\]?[^\]]*\]|[^*?[]+|\[/g, (token) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    if (token.length > 1 && token.startsWith('[')) {
      return `[${token.slice(1, -1).replace(/^!/, '^').replaceAll('\\', '\\\\')}]`;
    }
    return token.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
};
