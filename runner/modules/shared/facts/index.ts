// The facts of a host: what each of Ansible's collectors asks, how the answers are read, and the one script that asks.

import { matchesGlob } from '../../../values/index.ts';
import type { ModuleContext, ResultObject } from '../../define.ts';
import type { FactsArguments } from './arguments.ts';
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
const collectors: readonly Collector[] = [
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

/** Gathers facts in one round trip, with the names and values that Ansible gives them. */
export const gatherFacts = async (args: FactsArguments, context: ModuleContext): Promise<ResultObject> => {
  const chosen = selectCollectors(collectors, args.gather_subset);
  const given = context.controller.variable('ansible_python_interpreter');
  const interpreter = typeof given === 'string' && !given.startsWith('auto') ? given : undefined;
  const { script, word } = factsScript(chosen, {
    timeout: args.gather_timeout,
    factPath: args.fact_path,
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
  facts.gather_subset = [...(args.gather_subset.length === 0 ? ['all'] : args.gather_subset)];
  facts.module_setup = true;
  const filtered = filterFacts(facts, args.filter);
  const discovered = interpreter === undefined ? readPython(dump)?.path : undefined;
  if (discovered !== undefined && discovered !== '') filtered.discovered_interpreter_python = discovered;
  return { ansible_facts: filtered, changed: false };
};

/** Keeps the facts that match one of the patterns, with or without their prefix; no pattern keeps all. */
const filterFacts = (facts: Facts, filter: readonly string[]): Facts => {
  if (filter.length === 0) return facts;
  const patterns = filter.flatMap((entry) => {
    if (entry === '') return ['*'];
    return /^(ansible_|facter|ohai)/.test(entry) ? [entry] : [entry, `ansible_${entry}`];
  });
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => patterns.some((pattern) => matchesGlob(name, pattern))),
  );
};
