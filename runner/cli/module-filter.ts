import { existsSync } from 'node:fs';
import type { Config } from '../config/index.ts';
import { MusterError, SettingError } from '../errors/index.ts';
import { resolveModule } from '../modules/index.ts';
import { loadYamlFile } from '../playbook/index.ts';
import { toText, type Value } from '../values/index.ts';

/** The modules that plugin_filters_cfg forbids. */
export interface ModuleFilter {
  /** The file that forbids a module, by its full name; undefined when none does. */
  rejecting(module: string): string | undefined;
}

const usualFile = '/etc/ansible/plugin_filters.yml';

// Ansible's copy, template and others look at files by it, and so Ansible refuses to begin.
const indispensable = 'ansible.builtin.stat';

/**
 * Reads the file that plugin_filters_cfg names, or the usual one. One that makes no sense is warned of and has no effect. Throws
 * SettingError for one that forbids `stat`.
 */
export const readModuleFilter = (config: Config, warn: (message: string) => void): ModuleFilter => {
  const file = config.pluginFiltersCfg ?? usualFile;
  const names = existsSync(file) ? readNames(file, warn) : [];
  if (config.pluginFiltersCfg && !existsSync(file)) warn(`the plugin filter file ${file} is not there`);
  const rejected = new Set(names.map((name) => resolveModule(name) ?? name));
  if (rejected.has(indispensable)) {
    throw new SettingError({
      message: `the plugin filter file ${file} rejects ${indispensable}, which other modules rest on`,
      expected: 'a list of modules that a run can do without',
      hint: 'remove stat from module_rejectlist',
    });
  }
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
