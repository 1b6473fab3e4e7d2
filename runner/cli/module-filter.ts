import { existsSync } from 'node:fs';
import type { Config } from '../config/index.ts';
import { MusterError } from '../errors/index.ts';
import { resolveModule } from '../modules/index.ts';
import { loadYamlFile } from '../playbook/index.ts';
import { toText, type Value } from '../values/index.ts';

/** The modules that plugin_filters_cfg forbids. */
export interface ModuleFilter {
  /** The file that forbids a module, by its full name; undefined when none does. */
  rejecting(module: string): string | undefined;
}

const usualFile = '/etc/ansible/plugin_filters.yml';

/** Reads the file that plugin_filters_cfg names, or the usual one. One that makes no sense is warned of and has no effect. */
export const readModuleFilter = (config: Config, warn: (message: string) => void): ModuleFilter => {
  const file = config.pluginFiltersCfg ?? usualFile;
  const names = existsSync(file) ? readNames(file, warn) : [];
  if (config.pluginFiltersCfg && !existsSync(file)) warn(`the plugin filter file ${file} is not there`);
  const rejected = new Set(names.map((name) => resolveModule(name) ?? name));
  return { rejecting: (module) => (rejected.has(module) ? file : undefined) };
};

const readNames = (file: string, warn: (message: string) => void): string[] => {
  const skip = (problem: string): [] => {
    warn(`the plugin filter file ${file} ${problem} and is passed over`);
    return [];
  };
  let content: Value;
  try {
    content = loadYamlFile(file);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    return skip(`cannot be read (${error.message})`);
  }
  const version = content instanceof Map ? content.get('filter_version') : undefined;
  if (!(content instanceof Map) || version === undefined) return skip("has no 'filter_version'");
  if (!['1.0', '1'].includes(toText(version).trim())) return skip(`is of version ${toText(version)}, not 1.0,`);
  const list = content.get('module_rejectlist') ?? content.get('module_blacklist') ?? [];
  return Array.isArray(list) ? list.map(toText) : skip("has no list in 'module_blacklist'");
};
