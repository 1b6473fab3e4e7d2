import { didYouMean, SourceError } from '../../errors/index.ts';
import { originOf } from '../../playbook/yaml/index.ts';
import { textOf, type Value } from '../../values/index.ts';
import { isReadableFile } from '../files.ts';
import { constructedSource } from './constructed.ts';
import { generatorSource } from './generator.ts';
import { advancedHostListSource, hostListSource } from './host-list.ts';
import { iniSource } from './ini.ts';
import { scriptSource } from './script.ts';
import type { SourceKind } from './source.ts';
import { tomlSource } from './toml.ts';
import { loadSourceYaml, yamlSource } from './yaml.ts';

/** A YAML file whose `plugin:` names the kind of source that reads the file. */
const autoSource: SourceKind = {
  name: 'auto',
  accepts: (source) => /\.ya?ml$/.test(source) && isReadableFile(source),
  read: async (source, context) => {
    const data = loadSourceYaml(source, context);
    const name = pluginOf(data);
    if (name === undefined) {
      throw new SourceError(`no root 'plugin' key found, '${source}' is not a valid YAML inventory plugin config file`);
    }
    const kind = sourceKind(name);
    if (!kind) throw unknownPlugin(name, source, data);
    if (!kind.accepts(source, context)) {
      throw new SourceError(`inventory source '${source}' could not be verified by inventory plugin '${name}'`);
    }
    await kind.read(source, context);
  },
};

const kinds: readonly SourceKind[] = [
  hostListSource,
  advancedHostListSource,
  scriptSource,
  autoSource,
  yamlSource,
  iniSource,
  tomlSource,
  constructedSource,
  generatorSource,
];

/** A kind of source by its name, also with `ansible.builtin.` in front. */
export const sourceKind = (name: string): SourceKind | undefined => {
  const bare = name.replace(/^ansible\.(builtin|legacy)\./, '');
  return kinds.find((kind) => kind.name === bare);
};

export const sourceKindNames: readonly string[] = kinds.map(({ name }) => name);

/** What `plugin:` says at the top of a file, if anything. */
const pluginOf = (data: Value): string | undefined =>
  data instanceof Map ? textOf(data.get('plugin') ?? null) || undefined : undefined;

const unknownPlugin = (name: string, source: string, data: Value): SourceError =>
  new SourceError({
    message: `inventory config '${source}' specifies unknown plugin '${name}'`,
    origin: originOf(data, 'plugin'),
    expected: `one of ${sourceKindNames.join(', ')}`,
    hint:
      didYouMean(name, sourceKindNames) ??
      'muster runs no Python inventory plugins; an executable script that prints `ansible-inventory --list` can stand in',
  });
