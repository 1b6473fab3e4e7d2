import SSHConfig from 'ssh-config';
import { readExtraVars } from '../../runner/cli/extra-vars.ts';
import { readIni } from '../../runner/config/read-ini.ts';
import { parseSshArguments } from '../../runner/connection/ssh/arguments.ts';
import { readConfigFile, readOptions } from '../../runner/connection/ssh/config-file.ts';
import { readKnownHosts, speaksOf } from '../../runner/connection/ssh/known-hosts.ts';
import { Options } from '../../runner/connection/ssh/options.ts';
import { SourceError } from '../../runner/errors/index.ts';
import { Catalog, loadInventory, selectHosts, splitPattern } from '../../runner/inventory/index.ts';
import { moduleNames, resolveModule } from '../../runner/modules/index.ts';
import { joinArguments, parseKeyValues, readPlaybook, splitArguments } from '../../runner/playbook/index.ts';
import { filters } from '../../runner/template/filters/index.ts';
import { Templar } from '../../runner/template/index.ts';
import { lookups } from '../../runner/template/lookups/index.ts';
import { tests } from '../../runner/template/tests/index.ts';
import { type Dict, dict, Template, toText } from '../../runner/values/index.ts';
import { LayeredScope } from '../../runner/variables/index.ts';
import { VaultSecrets } from '../../runner/vault/index.ts';
import { openFolder } from '../support/scratch-folder.ts';
import * as seeds from './seeds.ts';

/** Something that reads texts from outside. */
export interface Target {
  readonly name: string;
  readonly seeds: seeds.Seeds;
  /** How many of the cases it gets. */
  readonly share: number;
  read(text: string): unknown | Promise<unknown>;
}

const folder = openFolder('muster-fuzz-');
export const cleanUp = folder.remove;

// No template of a case may run a program or reach the net.
const harmless = new Set([
  'items',
  'list',
  'dict',
  'indexed_items',
  'nested',
  'flattened',
  'together',
  'vars',
  'varnames',
]);
const vault = new VaultSecrets({ identities: [{ id: 'default', password: Buffer.from('fuzz') }] });
const templar = new Templar({
  filters,
  tests,
  lookups: lookups.filter(({ names }) => names.some((name) => harmless.has(name))),
  extensions: ['jinja2.ext.do', 'jinja2.ext.loopcontrols'],
});

const scope = (): LayeredScope =>
  new LayeredScope([
    dict({
      name: 'web',
      list: ['a', 'b', '{{ not.rendered }}'],
      numbers: [1, 2, 3],
      dict: new Map([['key', new Map([['sub', [1, 2]]])]]) as Dict,
      x: new Template('{{ name }}-x'),
      loop_of: new Template('{{ loop_of }}'),
    }),
  ]);

const playbookContext = {
  config: { rolesPath: [folder.path], collectionsPath: [folder.path] },
  resolveModule,
  moduleNames,
  hasLookup: (name: string) => harmless.has(name),
  vault,
  warn: () => {},
  render: (value: Parameters<Templar['render']>[0], vars: Dict) => templar.render(value, new LayeredScope([vars])),
};

const loadSource = async (name: string, text: string): Promise<void> => {
  const loaded = await loadInventory({
    sources: [folder.write(name, text)],
    vault,
    warn: () => {},
    unparsedIsFailed: true,
  });
  const catalog = new Catalog(loaded);
  for (const host of catalog.select('all')) catalog.layersOf(host);
};

export const targets: readonly Target[] = [
  {
    name: 'playbooks',
    seeds: seeds.playbooks,
    share: 20,
    read: (text) => {
      const { problems } = readPlaybook(folder.write('site.yml', text), playbookContext);
      if (problems.length > 0) throw new SourceError(problems);
    },
  },
  { name: 'YAML inventories', seeds: seeds.yamlInventories, share: 8, read: (text) => loadSource('hosts.yml', text) },
  { name: 'INI inventories', seeds: seeds.iniInventories, share: 10, read: (text) => loadSource('hosts', text) },
  {
    name: 'templates',
    seeds: seeds.templates,
    share: 25,
    read: (text) => toText(templar.render(new Template(text), scope())),
  },
  { name: 'conditions', seeds: seeds.expressions, share: 10, read: (text) => templar.condition(text, scope()) },
  {
    name: 'key=value texts',
    seeds: seeds.keyValues,
    share: 8,
    read: (text) => {
      parseKeyValues(text);
      parseKeyValues(text, true);
      joinArguments(splitArguments(text));
    },
  },
  { name: 'vault files', seeds: seeds.vaults, share: 3, read: (text) => vault.decryptFile(Buffer.from(text), 'a.yml') },
  {
    name: 'known_hosts',
    seeds: seeds.knownHosts,
    share: 4,
    read: (text) => readKnownHosts(folder.write('known_hosts', text)).map((entry) => speaksOf(entry, 'example.org')),
  },
  {
    name: 'ssh_config',
    seeds: seeds.sshConfigs,
    share: 5,
    read: (text) => {
      const query = {
        ...{ name: 'web1', originalName: 'web1', localUser: 'me', options: new Options([['user', 'root']]) },
        // What a made up text says is not run.
        ...{ isFinal: true, wantFinal: () => {}, succeeds: () => true },
      };
      const file = readConfigFile(folder.write('ssh_config', text), (source) => SSHConfig.parse(source));
      if (file) readOptions(file, query, () => undefined);
    },
  },
  { name: 'ssh arguments', seeds: seeds.sshArguments, share: 2, read: (text) => parseSshArguments([text]) },
  { name: 'configuration files', seeds: seeds.iniConfigs, share: 2, read: (text) => readIni(text, 'muster.cfg') },
  {
    name: 'extra vars',
    seeds: seeds.extraVars,
    share: 2,
    read: (text) => readExtraVars([text.replace(/^@/, '')], vault, () => {}),
  },
  {
    name: 'host patterns',
    seeds: seeds.patterns,
    share: 1,
    read: async (text) => {
      const loaded = await loadInventory({ sources: ['web1,web2,b,a.b,'] });
      selectHosts(loaded.inventory, splitPattern(text), { mismatch: 'ignore' });
    },
  },
];
