import { extname } from 'node:path';
import { MusterError, SourceError } from '../../errors/index.ts';
import { originOf } from '../../playbook/yaml/index.ts';
import { type Dict, isEqual, isTrue, textOf, toText, typeName, type Value } from '../../values/index.ts';
import { isReadableFile } from '../files.ts';
import { forcedGroupName } from '../group-names.ts';
import { hostMagic } from '../host-magic.ts';
import { compareGroups, type Host, mergeDicts } from '../model.ts';
import type { RenderInventory, SourceContext, SourceKind } from './source.ts';
import { loadSourceYaml } from './yaml.ts';

/** Groups and variables that are worked out from the hosts of other sources: `compose`, `groups`, `keyed_groups`. */
export const constructedSource: SourceKind = {
  name: 'constructed',
  accepts: (source, { variableExtensions }) => {
    const extension = extname(source);
    return (
      isReadableFile(source) && (extension === '' || extension === '.config' || variableExtensions.includes(extension))
    );
  },
  read: async (source, context) => {
    const config = readPluginConfig(source, 'constructed', context);
    const construction = new Construction(config, context, await openRender(context));
    try {
      for (const host of [...context.inventory.hosts.values()]) construction.construct(host);
    } catch (error) {
      if (!(error instanceof MusterError)) throw error;
      throw new SourceError(error.problems.map((problem) => ({ origin: originOf(config), ...problem })));
    }
  },
};

/** The function that renders templates. */
export const openRender = async ({ openRender: open }: SourceContext): Promise<RenderInventory> => {
  if (!open) throw new MusterError('this inventory needs the template engine, which is not there');
  return open();
};

/** The configuration in a file that must be for one plugin. */
export const readPluginConfig = (source: string, plugin: string, context: SourceContext): Dict => {
  const config = loadSourceYaml(source, context);
  if (!isTrue(config)) throw new SourceError(`${source} is empty`);
  if (!(config instanceof Map)) {
    throw new SourceError(
      `inventory source has invalid structure, it should be a dictionary, got: ${typeName(config)}`,
    );
  }
  const name = textOf(config.get('plugin') ?? null);
  if (name?.replace(/^ansible\.(builtin|legacy)\./, '') !== plugin) {
    throw new SourceError(`Incorrect plugin name in file: ${name ?? 'none found'}`);
  }
  return config;
};

const known = new Set(
  'plugin strict compose groups keyed_groups use_vars_plugins use_extra_vars leading_separator cache'.split(' '),
);

class Construction {
  readonly #config: Dict;
  readonly #context: SourceContext;
  readonly #isStrict: boolean;
  readonly #render: RenderInventory;

  constructor(config: Dict, context: SourceContext, render: RenderInventory) {
    this.#render = render;
    this.#config = config;
    this.#context = context;
    this.#isStrict = this.#flag('strict', false);
    for (const key of config.keys()) {
      if (!known.has(toText(key))) context.warn(`constructed inventory: the option ${toText(key)} is not known`);
    }
  }

  construct(host: Host): void {
    const before = this.#variablesOf(host);
    this.#compose(host, before);
    const variables = this.#variablesOf(host);
    this.#addToGroups(host, variables);
    this.#addToKeyedGroups(host, variables);
  }

  #compose(host: Host, variables: Dict): void {
    const compose = this.#config.get('compose');
    if (!(compose instanceof Map)) return;
    for (const [name, expression] of compose) {
      const value = this.#try(`Could not set ${toText(name)} for host ${host.name}`, () =>
        this.#evaluate(expression, variables),
      );
      if (value !== undefined) this.#context.inventory.setHostVariable(host, name, value);
    }
  }

  #addToGroups(host: Host, variables: Dict): void {
    const groups = this.#config.get('groups');
    if (!(groups instanceof Map)) return;
    const { inventory } = this.#context;
    for (const [rawName, condition] of groups) {
      const name = forcedGroupName(toText(rawName));
      const result = this.#try(`Could not add host ${host.name} to group ${name}`, () =>
        this.#render(`{% if ${toText(condition)} %} True {% else %} False {% endif %}`, variables),
      );
      if (result === undefined || !/^(true|yes|on|y|t|1)$/i.test(toText(result).trim())) continue;
      inventory.addHostToGroup(host, inventory.groups.get(inventory.addGroup(name))!);
    }
  }

  #addToKeyedGroups(host: Host, variables: Dict): void {
    const keyedGroups = this.#config.get('keyed_groups');
    if (!Array.isArray(keyedGroups)) return;
    for (const keyed of keyedGroups) {
      if (!(keyed instanceof Map) || keyed.size === 0) {
        throw new SourceError(`Invalid keyed group entry, it must be a dictionary: ${toText(keyed)}`);
      }
      this.#addToKeyedGroup(host, keyed, variables);
    }
  }

  #addToKeyedGroup(host: Host, keyed: Dict, variables: Dict): void {
    const { inventory } = this.#context;
    const key = this.#try(
      `Could not generate group for host ${host.name} from ${toText(keyed.get('key') ?? null)} entry`,
      () => this.#evaluate(keyed.get('key') ?? null, variables),
    );
    if (key === undefined) return;
    const standard = keyed.get('default_value') ?? null;
    if (standard !== null && (keyed.get('trailing_separator') ?? null) !== null) {
      throw new SourceError('parameters are mutually exclusive for keyed groups: default_value|trailing_separator');
    }
    if (!isTrue(key) && !(key === '' && standard !== null)) {
      if (this.#isStrict && !isEqual(key, []) && !isEqual(key, new Map())) {
        throw new SourceError(
          `No key or key resulted empty for ${toText(keyed.get('key') ?? null)} in host ${host.name}, invalid entry`,
        );
      }
      return;
    }
    const prefix = toText(keyed.get('prefix') ?? '');
    const separator = toText(keyed.get('separator') ?? '_');
    const parent = this.#parentGroup(keyed.get('parent_group') ?? null, host, variables);
    if (parent === undefined) return;
    const between = prefix === '' && !this.#flag('leading_separator', true) ? '' : separator;
    for (const bare of keyedNames(key, keyed, separator, standard)) {
      const name = inventory.addGroup(forcedGroupName(`${prefix}${between}${bare}`));
      inventory.addHost(host.name, name);
      if (parent !== null) inventory.addChildGroup(inventory.addGroup(forcedGroupName(parent)), name);
    }
  }

  // null when there is none, undefined when its name could not be worked out.
  #parentGroup(template: Value, host: Host, variables: Dict): string | null | undefined {
    if (!isTrue(template)) return null;
    const name = this.#try(`Could not generate parent group for host ${host.name}`, () =>
      this.#render(toText(template), variables),
    );
    return name === undefined ? undefined : toText(name);
  }

  #variablesOf(host: Host): Dict {
    const { inventory, facts, adjacentVars, extraVars } = this.#context;
    const combine = inventory.options.mergesHashes ? mergeDicts : overlay;
    let variables: Dict = new Map();
    const add = (more: Dict | undefined): void => {
      if (more && more.size > 0) variables = combine(variables, more);
    };
    const usesFiles = this.#flag('use_vars_plugins', false);
    for (const group of [...inventory.groupsOf(host)].sort(compareGroups)) add(group.vars);
    if (usesFiles) add(adjacentVars(host.name, 'group'));
    add(host.vars);
    add(hostMagic(host, inventory));
    if (usesFiles) add(adjacentVars(host.name, 'host'));
    add(facts(host.name));
    if (this.#flag('use_extra_vars', this.#context.usesExtraVars)) add(extraVars);
    return variables;
  }

  #evaluate(expression: Value, variables: Dict): Value {
    return this.#render(`{{${toText(expression)}}}`, variables);
  }

  // Undefined when it fails, unless the source is strict.
  #try(what: string, work: () => Value): Value | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof MusterError)) throw error;
      if (this.#isStrict) throw new SourceError(`${what}: ${error.message}`);
      return undefined;
    }
  }

  #flag(name: string, standard: boolean): boolean {
    const value = this.#config.get(name) ?? null;
    if (value === null) return standard;
    const text = textOf(value);
    return text === undefined ? isTrue(value) : /^(true|yes|on|y|t|1)$/i.test(text);
  }
}

const overlay = (left: Dict, right: Dict): Dict => new Map([...left, ...right]);

// The names that a key's value stands for: a text is one, a list several, a dict `name_value` each.
const keyedNames = (key: Value, keyed: Dict, separator: string, standard: Value): string[] => {
  const nameOf = (value: Value): string => (value === '' && standard !== null ? toText(standard) : toText(value));
  if (textOf(key) !== undefined) return [nameOf(textOf(key)!)];
  if (Array.isArray(key)) return key.map(nameOf);
  if (!(key instanceof Map)) {
    throw new SourceError(
      `Invalid group name format, expected a string or a list of them or dictionary, got: ${typeName(key)}`,
    );
  }
  return [...key].map(([name, value]) => {
    if (value !== '') return `${toText(name)}${separator}${toText(value)}`;
    if (standard !== null) return `${toText(name)}${separator}${toText(standard)}`;
    return keyed.get('trailing_separator') === false ? toText(name) : `${toText(name)}${separator}`;
  });
};
