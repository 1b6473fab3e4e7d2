import { type Dict, textMark, type Value } from '../../values/index.ts';
import type { TaskRun } from './task-run.ts';

/**
 * Applies what a result does to the run besides changing its host: facts, new hosts and groups, statistics. `factsTo` is
 * the host that has the facts, where those are not the task's own hosts.
 */
export const applyEffects = (run: TaskRun, result: Dict, factsTo: string | undefined): void => {
  const factHosts = factsTo === undefined ? run.receivers : [factsTo];
  const facts = result.get('ansible_facts');
  if (facts instanceof Map && run.task.module !== 'ansible.builtin.debug') storeFacts(run, result, facts, factHosts);
  const host = result.get('add_host');
  const reportChange = (changed: boolean): void => {
    if (!run.task.keywords.has('changed_when')) result.set('changed', changed);
  };
  if (host instanceof Map) reportChange(addHost(run, host));
  const group = result.get('add_group');
  if (typeof group === 'string') {
    const parents = result.get('parent_groups');
    const changed = run.receivers.map((name) =>
      run.context.catalog.addToGroup(name, group, Array.isArray(parents) ? parents.map(String) : ['all']),
    );
    reportChange(changed.includes(true));
  }
};

const storeFacts = (run: TaskRun, result: Dict, facts: Dict, hosts: readonly string[]): void => {
  const { store } = run.context;
  for (const host of hosts) {
    if (run.task.module === 'ansible.builtin.include_vars') {
      for (const [name, value] of facts) store.includedVars(host).set(name, value);
    } else if (run.task.module === 'ansible.builtin.set_fact') {
      for (const [name, value] of facts) store.set(host, name, value, textMark(facts, name));
      if (result.get('_ansible_facts_cacheable') === true) store.addFacts(host, facts);
    } else {
      store.addFacts(host, facts);
    }
  }
};

/** Adds a host to the inventory; whether that changed anything. */
const addHost = (run: TaskRun, host: Dict): boolean => {
  const groups = host.get('groups');
  const vars = host.get('host_vars');
  return run.context.catalog.addHost(
    String(host.get('host_name') as Value),
    Array.isArray(groups) ? groups.map(String) : [],
    vars instanceof Map ? vars : new Map(),
  );
};
