import { distance } from 'fastest-levenshtein';
import { didYouMean, nearest } from '../errors/index.ts';
import type { Ini } from './read-ini.ts';
import type { Setting } from './setting.ts';
import { foreignSections, otherVariables } from './settings/without-effect.ts';
import { allSettings } from './table.ts';

type Warn = (message: string) => void;

// Directories of plugins for network devices, which Ansible reads in [defaults] too.
const quietKeys = new Set(['cliconf_plugins', 'httpapi_plugins', 'netconf_plugins', 'terminal_plugins']);

/** Warns of every section and key of configuration files that means nothing, so that a typing mistake is seen. */
export const checkFiles = (files: readonly { path: string; ini: Ini }[], warn: Warn): void => {
  if (files.length === 0) return;
  const known = knownKeys();
  for (const { path, ini } of files) {
    for (const [section, values] of ini) {
      const keys = known.get(section);
      if (!keys) {
        if (foreignSections.some((pattern) => pattern.test(section))) continue;
        warn(withHint(`${path}: unknown section [${section}]`, didYouMean(section, known.keys())));
        continue;
      }
      if (foreignSections.some((pattern) => pattern.test(section))) continue;
      for (const [key, { line }] of values) {
        if (keys.has(key) || quietKeys.has(key)) continue;
        const elsewhere = [...known].find(([, others]) => others.has(key))?.[0];
        const hint = elsewhere === undefined ? didYouMean(key, keys) : `it belongs into [${elsewhere}]`;
        warn(withHint(`${path}:${line}: unknown setting ${key} in [${section}]`, hint));
      }
    }
  }
};

/** Warns of environment variables that look like a mistyped setting. Others that begin with ANSIBLE_ are users' own. */
export const checkVariables = (env: NodeJS.ProcessEnv, warn: Warn): void => {
  const given = Object.keys(env).filter((name) => /^(ANSIBLE|MUSTER)_/.test(name));
  if (given.length === 0) return;
  const known = new Set(Object.values<Setting>(allSettings).flatMap((setting) => setting.env ?? []));
  for (const name of given) {
    const ansibleName = name.replace(/^MUSTER_/, 'ANSIBLE_');
    if (known.has(ansibleName) || known.has(name) || otherVariables.some((pattern) => pattern.test(ansibleName)))
      continue;
    const near = nearest(ansibleName, known);
    if (near === undefined || distance(near, ansibleName) > 2) continue;
    const meant = name.startsWith('MUSTER_') ? near.replace(/^ANSIBLE_/, 'MUSTER_') : near;
    warn(`the environment variable ${name} is no setting; did you mean '${meant}'?`);
  }
};

const knownKeys = (): Map<string, Set<string>> => {
  const known = new Map<string, Set<string>>();
  for (const setting of Object.values<Setting>(allSettings)) {
    for (const place of setting.ini ?? []) {
      const dot = place.indexOf('.');
      const section = place.slice(0, dot);
      const keys = known.get(section) ?? new Set();
      known.set(section, keys.add(place.slice(dot + 1)));
    }
  }
  return known;
};

const withHint = (message: string, hint: string | undefined): string =>
  hint === undefined ? message : `${message}; ${hint}`;
