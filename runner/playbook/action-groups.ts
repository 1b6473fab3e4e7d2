import { didYouMean, type Origin } from '../errors/index.ts';
import { type Dict, toText, type Value } from '../values/index.ts';
import { Collections } from './collections.ts';
import type { Loading } from './loading.ts';
import { keyOriginOf } from './yaml/index.ts';

// Groups that need no collection in their name, and the groups of collections that they stand for, as far as those are there.
const shortGroups: Readonly<Record<string, readonly string[]>> = {
  aws: ['amazon.aws.aws', 'community.aws.aws'],
  acme: ['community.crypto.acme'],
  azure: ['azure.azcollection.azure'],
  cpm: ['wti.remote.cpm'],
  docker: ['community.general.docker', 'community.docker.docker'],
  gcp: ['google.cloud.gcp'],
  k8s: ['community.kubernetes.k8s', 'community.general.k8s', 'community.okd.k8s', 'kubernetes.core.k8s'],
  os: ['openstack.cloud.os'],
  ovirt: ['ovirt.ovirt.ovirt', 'community.general.ovirt'],
  vmware: ['community.vmware.vmware'],
};

// The group that is all of a collection: muster has modules of it, whether or not the collection itself is there.
const ownGroups: Readonly<Record<string, string>> = { 'community.docker.docker': 'community.docker.' };

const members = new WeakMap<Dict, Map<string, ReadonlySet<string>>>();

/** The full names of the actions that an entry `group/…` of module_defaults is for. */
export const actionsOfGroup = (defaults: Dict, key: string): ReadonlySet<string> | undefined =>
  members.get(defaults)?.get(key);

/** Finds out which actions the groups in a `module_defaults` are; those that are nowhere are reported. */
export const readActionGroups = (loading: Loading, value: Value, origin: Origin): void => {
  let collections: Collections | undefined;
  for (const defaults of Array.isArray(value) ? value : [value]) {
    if (!(defaults instanceof Map)) continue;
    for (const key of defaults.keys()) {
      if (typeof key !== 'string' || !key.startsWith('group/')) continue;
      collections ??= new Collections(loading, [loading.baseDir]);
      const name = key.slice('group/'.length);
      const actions = new Set<string>();
      if (!addGroup(loading, collections, name, actions, new Set())) {
        loading.report({
          message: `there is no group of modules '${name}'`,
          origin: keyOriginOf(defaults, key) ?? origin,
          expected: "namespace.collection.group, of a collection's meta/runtime.yml",
          hint: didYouMean(name, Object.keys(shortGroups)),
        });
      }
      const groups = members.get(defaults) ?? new Map<string, ReadonlySet<string>>();
      members.set(defaults, groups.set(key, actions));
    }
  }
};

/** Adds the actions of a group, and of those that it extends; false when there is none of that name. */
const addGroup = (
  loading: Loading,
  collections: Collections,
  given: string,
  actions: Set<string>,
  seen: Set<string>,
): boolean => {
  const name = given.replace(/^ansible\.(?:builtin|legacy)\./, '');
  if (seen.has(name)) return true;
  seen.add(name);
  if (Object.hasOwn(shortGroups, name)) {
    for (const group of shortGroups[name]!) addGroup(loading, collections, group, actions, seen);
    return true;
  }
  const [namespace, collection, group] = name.split('.');
  const own = Object.hasOwn(ownGroups, name) ? ownGroups[name] : undefined;
  if (own !== undefined)
    for (const module of loading.context.moduleNames()) if (module.startsWith(own)) actions.add(module);
  const groups = collections.routing(`${namespace}.${collection}`)?.get('action_groups');
  const listed = groups instanceof Map ? groups.get(group ?? '') : undefined;
  if (!Array.isArray(listed)) return own !== undefined;
  for (const entry of listed) {
    if (entry instanceof Map) {
      for (const other of extendedBy(entry)) {
        const full = other.includes('.') ? other : `${namespace}.${collection}.${other}`;
        addGroup(loading, collections, full, actions, seen);
      }
    } else {
      const action = toText(entry);
      actions.add(action.includes('.') ? action : `${namespace}.${collection}.${action}`);
    }
  }
  return true;
};

const extendedBy = (entry: Dict): string[] => {
  const metadata = entry.get('metadata');
  const groups = metadata instanceof Map ? metadata.get('extend_group') : undefined;
  return Array.isArray(groups) ? groups.map(toText) : [];
};
