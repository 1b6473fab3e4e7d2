import { ModuleFailure } from '../../../errors/index.ts';
import type { Collector } from './collector.ts';

// What `min` means: gathered unless `!min` says otherwise.
const minimum = new Set(
  'apparmor caps cmdline date_time distribution dns env fips local lsb pkg_mgr platform python selinux service_mgr ssh_pub_keys user'.split(
    ' ',
  ),
);

/**
 * The collectors that `gather_subset` asks for, in an order in which each comes after those that it needs. Additions
 * come first, then exclusions; what is named outright stays although a group that holds it is excluded.
 */
export const selectCollectors = (all: readonly Collector[], subset: readonly string[]): Collector[] => {
  const byName = new Map<string, Collector>();
  for (const collector of all) {
    for (const name of [collector.name, ...(collector.factNames ?? [])]) byName.set(name, collector);
  }
  const added = new Set<string>(minimum);
  const excluded = new Set<string>();
  const named = new Set<string>();
  for (const entry of subset.length === 0 ? ['all'] : subset) {
    const isExclusion = entry.startsWith('!');
    const name = isExclusion ? entry.slice(1) : entry;
    if (isExclusion) exclude(name);
    else if (name === 'all') for (const each of byName.keys()) added.add(each);
    else if (name === 'min') for (const each of minimum) added.add(each);
    else {
      if (!byName.has(name)) {
        const options = [...byName.keys()].sort().join(', ');
        throw new ModuleFailure(
          `Bad subset '${name}' given to Ansible. gather_subset options allowed: all, ${options}`,
        );
      }
      named.add(name);
      added.add(name);
    }
  }
  const wanted = [...added].filter((name) => named.has(name) || !excluded.has(name));
  return withNeeds(wanted.length === 0 && subset.length === 0 ? [...byName.keys()] : wanted, byName, all);

  function exclude(name: string): void {
    if (name === 'all') {
      for (const each of byName.keys()) if (!minimum.has(each)) excluded.add(each);
    } else if (name === 'min') {
      for (const each of minimum) excluded.add(each);
    } else {
      excluded.add(name);
      const collector = byName.get(name);
      if (collector?.name === name) for (const each of collector.factNames ?? []) excluded.add(each);
    }
  }
};

const withNeeds = (
  names: readonly string[],
  byName: ReadonlyMap<string, Collector>,
  all: readonly Collector[],
): Collector[] => {
  const chosen = new Set<Collector>();
  const choose = (name: string): void => {
    const collector = byName.get(name);
    if (!collector || chosen.has(collector)) return;
    chosen.add(collector);
    collector.needs?.forEach(choose);
  };
  names.forEach(choose);
  // The list of all collectors stands in the order of their needs.
  return all.filter((collector) => chosen.has(collector));
};
