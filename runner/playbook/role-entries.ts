import { type Dict, toText, type Value } from '../values/index.ts';
import { kindOf } from './check-value.ts';
import { keywordsOf } from './keywords.ts';
import { fillRole } from './load-role.ts';
import { readKeywords } from './read-keywords.ts';
import { type LoadScope, makeBlock, noKeywords, staticVars } from './scope.ts';
import type { BlockNode } from './tree.ts';
import { originOf } from './yaml/index.ts';

/** The entries of `roles` in a play or of `dependencies` in a role, each as a block with the role in it. */
export const loadRoleEntries = (entries: readonly Value[], scope: LoadScope): BlockNode[] =>
  entries.flatMap((entry, index) => {
    const origin = originOf(entries as Value[], index) ?? { file: scope.file, line: 1, column: 1 };
    const block = loadEntry(entry, { ...scope }, origin);
    return block ? [block] : [];
  });

const loadEntry = (entry: Value, scope: LoadScope, origin: BlockNode['origin']): BlockNode | undefined => {
  const { loading } = scope;
  const isMapping = entry instanceof Map;
  const written = isMapping ? (entry.get('role') ?? entry.get('name') ?? nameFromSource(entry)) : entry;
  if (
    written === undefined ||
    written === null ||
    written === '' ||
    typeof written === 'boolean' ||
    written instanceof Map ||
    Array.isArray(written)
  ) {
    loading.report({
      message: isMapping ? 'the entry does not name a role' : `a role is ${kindOf(entry)}`,
      origin,
      expected: "a role's name, or a mapping with 'role'",
    });
    return undefined;
  }
  const name = loading.render(written, () => staticVars(scope), 'the name of a role', origin);
  if (name === undefined) return undefined;
  if (!isMapping && name.includes(',')) {
    loading.report({
      message: `Invalid old style role requirement: ${name}`,
      origin,
      expected: 'the name of a role, without a comma',
    });
    return undefined;
  }
  const params: Dict = new Map();
  const known = keywordsOf('role');
  if (isMapping) for (const [key, value] of entry) if (!known.has(toText(key))) params.set(key, value);
  const read = isMapping ? readKeywords(loading, entry, 'role', scope.file, (key) => !known.has(key)) : noKeywords();
  // The role's `vars` are variables of the role, which its own files are stronger than; the block has none.
  const block = makeBlock(scope, { ...read, name: undefined, vars: new Map() }, origin, { isImplicit: true });
  const role = fillRole(
    block,
    {
      name,
      origin: isMapping ? (originOf(entry, 'role') ?? originOf(entry, 'name') ?? origin) : origin,
      vars: read.vars,
      params,
      keywords: read.keywords,
      from: { tasks: undefined, vars: undefined, defaults: undefined, handlers: undefined },
      allowDuplicates: undefined,
      isPublic: true,
      validates: true,
      dependents: scope.role ? [...scope.role.dependents, scope.role] : [],
      isInclude: false,
    },
    scope,
  );
  return role && block;
};

/** Dependencies as ansible-galaxy has them: `src: https://host/path/name.git`. */
const nameFromSource = (entry: Dict): string | undefined => {
  const source = entry.get('src');
  if (typeof source !== 'string') return undefined;
  if (!source.includes('://') && !source.includes('@')) return source;
  return source
    .split('/')
    .at(-1)!
    .split(',')[0]!
    .replace(/\.git$|\.tar\.gz$/, '');
};
