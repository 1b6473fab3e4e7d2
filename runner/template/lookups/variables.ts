import { MusterError, TemplateError } from '../../errors/index.ts';
import { Inventory, selectHosts, splitPattern } from '../../inventory/index.ts';
import { PythonRegexError, pythonRegex, Undefined, type Value } from '../../values/index.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { isText, text } from '../filters/support.ts';
import { iterate } from '../python/index.ts';
import type { CallContext } from '../types.ts';
import { lookupError, Options, variable } from './support.ts';

const settingName = (term: Value): string => {
  if (!isText(term)) throw lookupError(`Invalid setting identifier, "${text(term)}" is not a string`);
  return text(term);
};

const findVariable = (context: CallContext, name: string): Value => {
  const own = variable(context, name);
  if (own !== undefined) return own;
  const hostvars = context.scope.get('hostvars');
  const host = variable(context, 'inventory_hostname');
  if (hostvars !== undefined && host !== undefined) {
    const found = context.engine.getItem(context.engine.getItem(hostvars, host), name);
    if (!(found instanceof Undefined)) return context.engine.render(found, context.scope);
  }
  throw new Undefined(`No variable found with this name: ${name}`, name, context.scope.names()).error();
};

const readVariable = (context: CallContext, term: Value, options: Options): Value => {
  try {
    return findVariable(context, settingName(term));
  } catch (error) {
    const isUndefined = error instanceof TemplateError && error.kind === 'undefined';
    if (isUndefined && options.value('default') !== null) return options.value('default');
    throw error;
  }
};

const namesLike = (context: CallContext, term: Value): string[] => {
  try {
    const pattern = pythonRegex(settingName(term));
    return [...context.scope.names()].filter((name) => pattern.search(name) !== undefined);
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
    throw lookupError(`Unable to use "${text(term)}" as a search parameter: ${error.message}`, error);
  }
};

const environmentVariable = (term: Value, options: Options): Value => {
  const [name = ''] = text(term).trim().split(/\s+/);
  const value = process.env[name];
  if (value !== undefined) return value;
  const fallback = options.has('default') ? options.value('default') : '';
  if (fallback instanceof Undefined)
    throw new Undefined(`The "env" lookup, found an undefined variable: ${name}`).error();
  return fallback;
};

// A plugin's option that a variable of the host sets: `ansible_ssh_port`, `ansible_port`.
const pluginVariable = (context: CallContext, plugin: string, option: string): Value | undefined => {
  const name = option.replace(/^remote_(?=user$)/, '');
  return variable(context, `ansible_${plugin}_${name}`) ?? variable(context, `ansible_${name}`);
};

const findSetting = (context: CallContext, name: string, options: Options): Value | undefined => {
  const { engine } = context;
  if (!options.has('plugin_type')) return engine.setting?.(name);
  const configured = engine.setting?.(name, options.text('plugin_type', ''));
  const own = pluginVariable(context, options.text('plugin_name', ''), name);
  if (own === undefined) return configured;
  const isNumber = typeof configured === 'number' || name === 'port';
  return isNumber && isText(own) && /^\d+$/.test(text(own)) ? Number(text(own)) : own;
};

const readSetting = (context: CallContext, term: Value, options: Options): Value[] => {
  const missing = options.text('on_missing', 'error');
  if (!['error', 'warn', 'skip'].includes(missing))
    throw lookupError(`on_missing cannot be "${missing}", valid values are: error, warn, skip`);
  if (options.has('plugin_type') !== options.has('plugin_name'))
    throw lookupError('Both plugin_type and plugin_name are required, cannot use one without the other');
  const name = settingName(term);
  const value = findSetting(context, name, options);
  if (value !== undefined) return [value];
  if (missing !== 'error') return [];
  if (/^[A-Z]\w*[a-z]/.test(name)) throw lookupError(`Invalid setting "${name}": no setting has a name like that`);
  throw lookupError(`Unable to find setting ${name}`);
};

const inventoryOf = (groups: Value): Inventory => {
  const inventory = new Inventory();
  if (!(groups instanceof Map)) return inventory;
  for (const [group, hosts] of groups) {
    inventory.addGroup(text(group));
    for (const host of iterate(hosts)) inventory.addHost(text(host), text(group));
  }
  return inventory;
};

const matchHosts = (context: CallContext, terms: readonly Value[]): string[] => {
  const groups = variable(context, 'groups') ?? new Map();
  try {
    return selectHosts(inventoryOf(groups), splitPattern(terms.map((term) => text(term))), { mismatch: 'ignore' }).map(
      ({ name }) => name,
    );
  } catch (error) {
    if (error instanceof MusterError && !(error instanceof TemplateError)) return [];
    throw error;
  }
};

/** Lookups of variables, the environment, settings and hosts. */
export const variableLookups: readonly Lookup[] = [
  defineLookup('vars', (context, terms, options) =>
    terms.map((term) => readVariable(context, term, new Options(options))),
  ),
  defineLookup('varnames', (context, terms) => terms.flatMap((term) => namesLike(context, term))),
  defineLookup('env', (_, terms, options) => terms.map((term) => environmentVariable(term, new Options(options)))),
  defineLookup('config', (context, terms, options) =>
    terms.flatMap((term) => readSetting(context, term, new Options(options))),
  ),
  defineLookup('inventory_hostnames', (context, terms) => matchHosts(context, terms)),
];
