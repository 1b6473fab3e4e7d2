import { closeSync, openSync, readSync } from 'node:fs';
import { formatOrigin } from '../../errors/index.ts';
import type { Timed } from '../../events/index.ts';
import { Catalog } from '../../inventory/index.ts';
import { originOf } from '../../playbook/index.ts';
import type { VariableRow } from '../../tui/sources/variables.ts';
import { type Dict, type Json, toValue, type Value } from '../../values/index.ts';
import type { Session } from '../session.ts';
import { showPlace } from './show-place.ts';
import { showValue } from './show-value.ts';
import type { Level, SourceLevels } from './variable-levels.ts';

/** What results told of variables, host by host: nothing that no_log hides is among that. */
export class ToldVariables {
  readonly #hosts = new Map<string, Map<string, Json>>();

  readonly take = (event: Timed): void => {
    if (event.type !== 'host_result' && event.type !== 'item_result') return;
    const facts = event.result.ansible_facts;
    if (facts === null || typeof facts !== 'object' || Array.isArray(facts)) return;
    const told = this.#hosts.get(event.host) ?? new Map<string, Json>();
    this.#hosts.set(event.host, told);
    for (const [name, value] of Object.entries(facts)) if (value !== undefined) told.set(name, value);
  };

  get(host: string, name: string): Json | undefined {
    return this.#hosts.get(host)?.get(name);
  }
}

/** A host's variables in a run that goes on, with the levels that they come from; the strongest level wins a name. */
export const runVariables = (
  session: Session,
  told: ToldVariables,
  host: string,
  levels: SourceLevels,
): VariableRow[] => {
  const { store, catalog } = session.context;
  const rows: VariableRow[] = [];
  const seen = new Set<string>();
  const add = (level: string, names: Iterable<Value>, show: (name: string) => string, variables?: Dict): void => {
    const here = [...names].map(String);
    for (const name of here) {
      const origin = variables && originOf(variables, name);
      const place = showPlace(origin && formatOrigin(origin));
      rows.push({ name, value: show(name), level, place, isHidden: seen.has(name) });
    }
    for (const name of here) seen.add(name);
  };
  /** What the run itself set is shown as its results told it, for they have been looked through for secrets. */
  const asTold = (name: string): string => {
    if (store.isRegistered(host, name)) return '(result of a task)';
    const value = told.get(host, name);
    return value === undefined ? '(not told)' : showValue(name, toValue(value as never), session.secrets);
  };
  const written = ({ name: level, variables }: Level): void =>
    add(
      level,
      variables.keys(),
      (name) =>
        isEncrypted(originOf(variables, name)?.file)
          ? '(from the vault)'
          : showValue(name, variables.get(name)!, session.secrets),
      variables,
    );
  written({ name: 'extra vars', variables: store.extraVars });
  levels.params.forEach(written);
  add('set by tasks', store.setFacts(host).keys(), asTold);
  add('include_vars', store.includedVars(host).keys(), asTold);
  levels.vars.forEach(written);
  add('facts', store.facts(host)?.injected.keys() ?? [], asTold);
  for (const { name, value, level, place, source } of catalog instanceof Catalog ? catalog.originsOf(host) : []) {
    const shown = session.isEncrypted(source) ? '(from the vault)' : showValue(name, value, session.secrets);
    rows.push({ name, value: shown, level, place: showPlace(place), isHidden: seen.has(name) });
    seen.add(name);
  }
  levels.defaults.forEach(written);
  return rows.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
};

const known = new Map<string, boolean>();
const mark = '$ANSIBLE_VAULT';

/** Whether a file is encrypted as a whole. */
const isEncrypted = (file: string | undefined): boolean => {
  if (file === undefined) return false;
  let answer = known.get(file);
  if (answer === undefined) {
    answer = readStart(file) === mark;
    known.set(file, answer);
  }
  return answer;
};

const readStart = (file: string): string => {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(mark.length);
      return bytes.subarray(0, readSync(descriptor, bytes)).toString('latin1');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
};
