import { extname } from 'node:path';
import { formatOrigin, MusterError, type Origin, SourceError } from '../../errors/index.ts';
import { keyOriginOf, loadYamlFile, originOf } from '../../playbook/yaml/index.ts';
import { type Dict, isTrue, textOf, toText, typeName, type Value } from '../../values/index.ts';
import { expandHostPattern } from '../address.ts';
import { isReadableFile } from '../files.ts';
import type { SourceContext, SourceKind } from './source.ts';

/** Inventory in YAML or JSON: groups with `hosts`, `vars` and `children`. */
export const yamlSource: SourceKind = {
  name: 'yaml',
  accepts: (source, { yamlExtensions }) => {
    const extension = extname(source);
    return isReadableFile(source) && (extension === '' || yamlExtensions.includes(extension));
  },
  read: (source, context) => {
    const data = loadSourceYaml(source, context);
    if (!isTrue(data)) throw new SourceError(`Parsed empty YAML file: ${source}`);
    if (!(data instanceof Map)) {
      throw new SourceError({
        message: `YAML inventory has invalid structure, it should be a dictionary, got: ${typeName(data)}`,
        origin: originOf(data),
        expected: 'groups as keys, e.g. all: with hosts: below',
      });
    }
    if (data.has('plugin') && isTrue(data.get('plugin')!)) {
      throw new SourceError('Plugin configuration YAML file, not YAML inventory');
    }
    const reader = new GroupReader(context, data);
    for (const [group, groupData] of data) reader.readGroup(group, groupData, data);
  },
};

/** The value of a YAML file as inventories read it. */
export const loadSourceYaml = (source: string, { vault, duplicateKeys, warn }: SourceContext): Value =>
  loadYamlFile(source, {
    vault,
    duplicateKeys,
    warn: (message, origin) => warn(`${formatOrigin(origin)}: ${message}`),
  });

class GroupReader {
  readonly #context: SourceContext;
  readonly #file: Origin | undefined;

  constructor(context: SourceContext, data: Dict) {
    this.#context = context;
    this.#file = originOf(data);
  }

  // Gives the name that the group got, or undefined when the data is no group at all.
  readGroup(name: Value, data: Value, around: Value): Value {
    const { inventory, warn } = this.#context;
    if (data !== null && !(data instanceof Map)) {
      warn(`Skipping '${toText(name)}' as this is not a valid group definition`);
      return name;
    }
    const group = this.#at(keyOriginOf(around, name), () => inventory.addGroup(name));
    if (data === null) return group;
    const sections = new Map([...data].map(([key, value]) => [key, this.#section(group, key, value, data)]));
    for (const [key, section] of sections) {
      if (section === null) continue;
      if (!(section instanceof Map)) {
        warn(`Skipping key (${toText(key)}) in group (${group}) as it is not a mapping, it is a ${typeName(section)}`);
      } else if (key === 'vars') {
        for (const [variable, value] of section) {
          this.#at(keyOriginOf(section, variable), () =>
            inventory.setGroupVariable(group, variable, value, () => keyOriginOf(section, variable)),
          );
        }
      } else if (key === 'children') {
        for (const [child, childData] of section) {
          const childName = this.readGroup(child, childData, section);
          this.#at(keyOriginOf(section, child), () => inventory.addChildGroup(group, toText(childName)));
        }
      } else if (key === 'hosts') {
        for (const [pattern, variables] of section) this.#readHosts(group, pattern, variables, section);
      } else {
        warn(
          `Skipping unexpected key (${toText(key)}) in group (${group}), only "vars", "children" and "hosts" are valid`,
        );
      }
    }
    return group;
  }

  // A lone text stands for a mapping with that one key.
  #section(group: string, key: Value, value: Value, around: Dict): Value {
    if (key !== 'vars' && key !== 'children' && key !== 'hosts') return value;
    const text = textOf(value);
    if (text !== undefined) return new Map([[text, null]]);
    if (value === null || value instanceof Map) return value;
    throw new SourceError({
      message: `Invalid "${key}" entry for "${group}" group, requires a dictionary, found "${typeName(value)}" instead.`,
      origin: keyOriginOf(around, key),
      expected: key === 'hosts' ? 'host names as keys, each followed by a colon: not a list with dashes' : 'a mapping',
    });
  }

  #readHosts(group: string, pattern: Value, variables: Value, around: Dict): void {
    const { inventory } = this.#context;
    const origin = keyOriginOf(around, pattern);
    const text = textOf(pattern);
    if (text === undefined) {
      throw new SourceError({
        message: `Host pattern ${toText(pattern)} must be a string. Enclose integers/floats in quotation marks.`,
        origin,
      });
    }
    const { hosts, port } = this.#at(origin, () => expandHostPattern(text));
    const vars = isTrue(variables) ? variables : new Map();
    if (!(vars instanceof Map)) {
      throw new SourceError({
        message: `Invalid data from file, expected dictionary and got: ${toText(vars)}`,
        origin: originOf(around, pattern) ?? origin,
        expected: `the variables of ${text} as a mapping`,
      });
    }
    for (const name of hosts) {
      const host = this.#at(origin, () => inventory.addHost(name, group, port));
      for (const [key, value] of vars) inventory.setHostVariable(host, key, value, () => keyOriginOf(vars, key));
    }
  }

  #at<T>(origin: Origin | undefined, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof MusterError) || error.problems[0]?.origin) throw error;
      throw new SourceError({ ...error.problems[0]!, origin: origin ?? this.#file });
    }
  }
}
