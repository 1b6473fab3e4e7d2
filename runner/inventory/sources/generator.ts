import { SourceError } from '../../errors/index.ts';
import { originOf } from '../../playbook/yaml/index.ts';
import { type Dict, toText, type Value } from '../../values/index.ts';
import { constructedSource, openRender, readPluginConfig } from './constructed.ts';
import type { SourceContext, SourceKind } from './source.ts';

/** Hosts and groups whose names are all combinations of given words: `layers`, `hosts.name`, `parents`. */
export const generatorSource: SourceKind = {
  name: 'generator',
  accepts: (source, context) => constructedSource.accepts(source, context),
  read: async (source, context) => {
    const renderText = await openRender(context);
    const render = (value: Value, words: Dict): Value => renderText(toText(value), words);
    const config = readPluginConfig(source, 'generator', context);
    const layers = mappingAt(config, 'layers');
    const hosts = mappingAt(config, 'hosts');
    const name = hosts.get('name');
    if (name === undefined) throw missing(hosts, 'name');
    for (const words of combinations([...layers])) {
      const host = toText(render(name, words));
      context.inventory.addHost(host);
      addParents(host, hosts.get('parents') ?? null, words, context, render);
    }
  },
};

type Render = (value: Value, words: Dict) => Value;

const addParents = (child: string, parents: Value, words: Dict, context: SourceContext, render: Render): void => {
  if (!Array.isArray(parents)) return;
  const { inventory } = context;
  for (const parent of parents) {
    const template = parent instanceof Map ? parent.get('name') : undefined;
    if (template === undefined) throw new SourceError(`Element ${child} has a parent with no name element`);
    const group = inventory.addGroup(toText(render(template, words)));
    const { vars, parents: above } = { vars: (parent as Dict).get('vars'), parents: (parent as Dict).get('parents') };
    if (vars instanceof Map) {
      for (const [key, value] of vars) inventory.setGroupVariable(group, key, render(value, words));
    }
    const host = inventory.hosts.get(child);
    if (inventory.groups.has(child)) inventory.addChildGroup(group, child);
    else if (host) inventory.addHostToGroup(host, inventory.groups.get(group)!);
    addParents(group, above ?? null, words, context, render);
  }
};

// Every choice of one word of each layer.
const combinations = (layers: readonly (readonly [Value, Value])[]): Dict[] => {
  const [first, ...rest] = layers;
  if (!first) return [new Map()];
  const [key, words] = first;
  if (!Array.isArray(words)) throw new SourceError(`the layer ${toText(key)} is no list`);
  const others = combinations(rest);
  return words.flatMap((word) => others.map((other) => new Map([[key, word], ...other])));
};

const mappingAt = (config: Dict, key: string): Dict => {
  const value = config.get(key);
  if (value instanceof Map) return value;
  throw missing(config, key);
};

const missing = (config: Dict, key: string): SourceError =>
  new SourceError({ message: `the generator inventory has no ${key}`, origin: originOf(config) });
