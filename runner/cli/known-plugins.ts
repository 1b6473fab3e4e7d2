import { filters } from '../template/filters/index.ts';
import { lookups } from '../template/lookups/index.ts';
import { tests } from '../template/tests/index.ts';

type Named = readonly { readonly names: readonly string[] }[];

/** Whether one of a kind of plugins has a name; short ones also work with the name of Ansible's own collection in front. */
const has = (plugins: Named) => {
  let names: ReadonlySet<string> | undefined;
  return (name: string): boolean => {
    names ??= new Set(plugins.flatMap((plugin) => plugin.names));
    return names.has(name) || names.has(name.replace(/^ansible\.builtin\./, ''));
  };
};

/** Which filters, tests and lookups muster has. */
export const knownPlugins = { hasFilter: has(filters), hasTest: has(tests), hasLookup: has(lookups) };
