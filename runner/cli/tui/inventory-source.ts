import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '../../config/index.ts';
import { Secrets } from '../../events/secrets.ts';
import {
  type Group,
  groupOrigins,
  type Host,
  hostOrigins,
  loadInventory,
  type VariableOrigin,
  type VariableSources,
} from '../../inventory/index.ts';
import type { InventoryRow } from '../../tui/sources/services.ts';
import type { VariableRow } from '../../tui/sources/variables.ts';
import { type Dict, Template, VaultText } from '../../values/index.ts';
import { readExtraVars } from '../extra-vars.ts';
import { findInventory } from '../find-named.ts';
import type { RunFlags } from '../run-options.ts';
import { inventorySettings, openVault } from '../setup.ts';
import { showPlace } from './show-place.ts';
import { showValue } from './show-value.ts';

/** An inventory to look at. */
export interface ShownInventory {
  readonly rows: readonly InventoryRow[];
  variables(row: InventoryRow): readonly VariableRow[];
}

/** Reads the inventory that the options or the configuration name. `askPassword` asks for the vault's, where it has to be. */
export const openInventory = async (
  flags: RunFlags,
  askPassword: (prompt: string) => Promise<string>,
): Promise<ShownInventory> => {
  const ignore = (): void => {};
  const config = loadConfig({ warn: ignore });
  const secrets = new Secrets();
  const vault = await openVault(
    {
      vaultId: flags.vaultId ?? [],
      vaultPasswordFile: flags.vaultPasswordFile ?? [],
      askVaultPassword: flags.askVaultPass ?? false,
    },
    config,
    { warn: ignore, secrets, ask: askPassword },
  );
  const decrypted = new WeakSet<Dict>();
  const loaded = await loadInventory({
    ...inventorySettings(config),
    sources: (flags.inventory ?? config.inventory).map(findInventory),
    vault,
    extraVars: readExtraVars(flags.extraVars ?? [], vault, ignore),
    keepsPlaces: true,
    openRender: async () => {
      const [{ inventoryRender }, { openTemplar }] = await Promise.all([
        import('../inventory-render.ts'),
        import('../templar.ts'),
      ]);
      return inventoryRender(openTemplar(config, vault));
    },
    onDecrypted: (variables) => {
      decrypted.add(variables);
      secrets.addAll(variables);
    },
  });
  const from: VariableSources = { ...loaded, precedence: config.variablePrecedence, playbookDirs: playbookFolders() };
  const { inventory } = loaded;
  return {
    rows: treeOf(inventory.groups.get('all')!, 0),
    variables: ({ kind, name }) => {
      const host = kind === 'host' ? inventory.host(name) : undefined;
      const group = kind === 'group' ? inventory.groups.get(name) : undefined;
      const origins = host ? hostOrigins(from, host) : group ? groupOrigins(from, group) : [];
      return origins.map((origin) => rowOf(origin, decrypted.has(origin.source), secrets));
    },
  };
};

/** Where playbooks usually stand, group_vars and host_vars beside them count too. */
const playbookFolders = (): string[] =>
  ['.', 'playbooks'].map((folder) => resolve(folder)).filter((folder) => existsSync(folder));

/** A group with what is in it; hosts stand below each group that names them. */
const treeOf = (group: Group, depth: number): InventoryRow[] => [
  { kind: 'group', name: group.name, depth, hosts: membersOf(group).size },
  ...[...group.children].flatMap((child) => (isEmpty(child) ? [] : treeOf(child, depth + 1))),
  ...[...group.hosts]
    .filter((host) => isShownIn(host, group))
    .map((host): InventoryRow => ({ kind: 'host', name: host.name, depth: depth + 1, hosts: 1 })),
];

/** Every host is in `all`; it stands there only when it is in no other group. */
const isShownIn = (host: Host, group: Group): boolean =>
  group.name !== 'all' || host.groups.every((one) => one === group);

/** `ungrouped` is there although nobody asked for it. */
const isEmpty = ({ name, hosts }: Group): boolean => name === 'ungrouped' && hosts.size === 0;

const membersOf = (group: Group): ReadonlySet<Host> =>
  new Set([...group.hosts, ...[...group.children].flatMap((child) => [...membersOf(child)])]);

/** Of a file that is encrypted as a whole, nothing is shown but which variables it has. */
const rowOf = (
  { name, value, level, place, isHidden }: VariableOrigin,
  isEncrypted: boolean,
  secrets: Secrets,
): VariableRow => ({
  name,
  value: isEncrypted || value instanceof VaultText ? '(from the vault)' : showValue(name, value, secrets),
  level,
  place: showPlace(
    place ?? (value instanceof Template && value.origin ? `${value.origin.file}:${value.origin.line}` : undefined),
  ),
  isHidden,
});
