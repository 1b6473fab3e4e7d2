import { didYouMean } from '../errors/index.ts';
import type { Dict, Value } from '../values/index.ts';
import { kindOf, misfit } from './check-value.ts';
import type { FoundRole } from './find-role.ts';
import type { Loading } from './loading.ts';
import { findRoleFiles } from './role-files.ts';
import { keyOriginOf, originOf } from './yaml/index.ts';

/** What `meta/main.yml` of a role says. */
export interface RoleMeta {
  readonly file: string | undefined;
  readonly allowDuplicates: boolean;
  readonly dependencies: readonly Value[];
  readonly collections: readonly string[];
  readonly argumentSpecs: Value | undefined;
}

const none: RoleMeta = {
  file: undefined,
  allowDuplicates: false,
  dependencies: [],
  collections: [],
  argumentSpecs: undefined,
};

const types = {
  allow_duplicates: 'boolean',
  dependencies: 'list',
  collections: 'names',
  galaxy_info: 'mapping',
  argument_specs: 'mapping',
} as const;
// Keywords that every thing in Ansible has, without effect here.
const ignored = new Set([
  'name',
  'vars',
  'environment',
  'tags',
  'module_defaults',
  'standalone',
  'become',
  'connection',
]);

/** Reads and checks a role's meta file. */
export const readRoleMeta = (loading: Loading, { path }: FoundRole): RoleMeta => {
  const file = findRoleFiles(path, 'meta', undefined)?.[0];
  const value = file === undefined ? undefined : loading.read(file);
  if (file === undefined || value === undefined || value === null) return none;
  if (!(value instanceof Map)) {
    loading.report({
      message: `the file is ${kindOf(value)}`,
      origin: originOf(value) ?? { file, line: 1, column: 1 },
      expected: 'a mapping',
    });
    return none;
  }
  loading.checkSchema('role-meta', value, file);
  checkKeys(loading, value, file);
  const dependencies = value.get('dependencies') ?? [];
  const collections = value.get('collections') ?? [];
  return {
    file,
    allowDuplicates: ['true', 'yes', 'on', '1'].includes(String(value.get('allow_duplicates')).toLowerCase()),
    dependencies: Array.isArray(dependencies) ? dependencies : [],
    collections: (Array.isArray(collections) ? collections : [collections]).filter((item) => typeof item === 'string'),
    argumentSpecs: value.get('argument_specs'),
  };
};

const checkKeys = (loading: Loading, map: Dict, file: string): void => {
  for (const [key, value] of map) {
    const origin = originOf(map, key) ?? { file, line: 1, column: 1 };
    if (typeof key === 'string' && ignored.has(key)) continue;
    if (typeof key !== 'string' || !Object.hasOwn(types, key)) {
      loading.report({
        message: `'${String(key)}' is not a keyword of a role's meta file`,
        origin: keyOriginOf(map, key) ?? origin,
        hint: didYouMean(String(key), Object.keys(types)),
      });
      continue;
    }
    const expected = key === 'galaxy_info' ? undefined : misfit(types[key as keyof typeof types], value, true);
    if (expected !== undefined) loading.report({ message: `'${key}' is ${kindOf(value)}`, origin, expected });
  }
};
