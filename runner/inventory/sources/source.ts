import type { Decrypter } from '../../playbook/yaml/index.ts';
import type { Dict, Value } from '../../values/index.ts';
import type { Inventory } from '../inventory.ts';

/** What constructed inventories use of the template engine: renders text with variables. Throws when that fails. */
export type RenderInventory = (text: string, variables: Dict) => Value;

/** Loads the template engine, which most inventories do not need. */
export type OpenRender = () => RenderInventory | Promise<RenderInventory>;

/** What every kind of source may use. */
export interface SourceContext {
  readonly inventory: Inventory;
  readonly warn: (message: string) => void;
  readonly vault: Decrypter | undefined;
  readonly duplicateKeys: 'error' | 'warn' | 'ignore';
  /** The endings of YAML inventories, and of files with variables. */
  readonly yamlExtensions: readonly string[];
  readonly variableExtensions: readonly string[];
  readonly showsScriptErrors: boolean;
  readonly openRender: OpenRender | undefined;
  readonly extraVars: Dict;
  /** Whether constructed inventories see the extra vars unless they say themselves. */
  readonly usesExtraVars: boolean;
  /** Cached facts of a host, for constructed inventories. */
  readonly facts: (host: string) => Dict | undefined;
  /** Variables from host_vars and group_vars beside the sources that were read so far. */
  readonly adjacentVars: (host: string, kind: 'group' | 'host') => Dict;
}

/** One kind of inventory source, as `enable_plugins` names it. */
export interface SourceKind {
  readonly name: string;
  /** Whether it may be of this kind, judging by its name and what little must be looked at. */
  accepts(source: string, context: SourceContext): boolean;
  /** Reads it into the inventory. Throws MusterError when it is not of this kind, or is wrong. */
  read(source: string, context: SourceContext): void | Promise<void>;
}
