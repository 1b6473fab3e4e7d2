import { join } from 'node:path';
import { type Dict, toText, type Value } from '../values/index.ts';
import { kindOf } from './check-value.ts';
import { exists, type Loading } from './loading.ts';
import type { RoleMeta } from './role-meta.ts';
import type { BlockNode, RoleNode, TaskNode } from './tree.ts';
import { originOf } from './yaml/index.ts';

/** What a role's argument specs say about an entry point: from a file of their own, or else from its meta file. */
export const readArgumentSpec = (
  loading: Loading,
  path: string,
  meta: RoleMeta,
  entryPoint: string,
): Dict | undefined => {
  const file = ['.yml', '.yaml', '.json'].map((ending) => join(path, 'meta', `argument_specs${ending}`)).find(exists);
  const content = file === undefined ? undefined : loading.read(file);
  if (file !== undefined && content) loading.checkSchema('argument-specs', content, file);
  const specs: Value | undefined =
    file === undefined ? meta.argumentSpecs : content instanceof Map ? content.get('argument_specs') : undefined;
  if (!(specs instanceof Map)) return undefined;
  const spec = specs.get(entryPoint);
  if (spec === undefined || spec === null || spec instanceof Map) return spec ?? undefined;
  loading.report({
    message: `the argument spec of '${entryPoint}' is ${kindOf(spec)}`,
    origin: originOf(specs, entryPoint) ?? { file: file ?? path, line: 1, column: 1 },
    expected: "a mapping with 'options'",
  });
  return undefined;
};

/** The task that checks a role's arguments in front of its own tasks. */
export const argumentCheck = (role: RoleNode, entryPoint: string, parent: BlockNode): TaskNode => {
  const spec = role.argumentSpec!;
  const description = spec.get('short_description');
  const name = `Validating arguments against arg spec '${entryPoint}'`;
  const options = spec.get('options');
  const shortName = role.collection ? role.name.slice(role.collection.length + 1) : role.name;
  const args: Dict = new Map<Value, Value>([
    ['argument_spec', options ?? new Map()],
    ['provided_arguments', role.params],
    [
      'validate_args_context',
      new Map<Value, Value>([
        ['type', 'role'],
        ['name', shortName],
        ['argument_spec_name', entryPoint],
        ['path', role.path],
      ]),
    ],
  ]);
  return {
    kind: 'task',
    parent,
    origin: originOf(spec) ?? parent.origin,
    name: description === undefined || description === null ? name : `${name} - ${toText(description)}`,
    keywords: new Map([['tags', ['always']]]),
    vars: new Map(),
    places: new Map(),
    action: 'ansible.builtin.validate_argument_spec',
    module: 'ansible.builtin.validate_argument_spec',
    actionTemplate: undefined,
    args,
    variableArgs: undefined,
    freeForm: undefined,
    loop: undefined,
    isHandler: false,
    isImplicit: true,
    role,
    file: parent.file,
  };
};
