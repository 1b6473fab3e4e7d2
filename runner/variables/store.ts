import { type Dict, markText, type TextType, type Value } from '../values/index.ts';
import { injectableFacts, namespacedFacts } from './facts.ts';
import type { FactsCache } from './facts-cache.ts';

/** What one host's facts are, in the two forms in which variables show them. */
interface HostFacts {
  readonly all: Dict;
  readonly injected: Dict;
  readonly namespaced: Dict;
}

/** What runs find out and set about hosts: facts, `set_fact` and registered results, and `include_vars`. */
export class VariableStore {
  readonly extraVars: Dict;
  readonly #cache: FactsCache | undefined;
  readonly #facts = new Map<string, HostFacts | undefined>();
  readonly #setFacts = new Map<string, Dict>();
  readonly #includedVars = new Map<string, Dict>();
  readonly #registered = new Map<string, Set<Value>>();

  constructor(extraVars: Dict = new Map(), cache?: FactsCache) {
    this.extraVars = extraVars;
    this.#cache = cache;
  }

  /** A host's facts; undefined when none were ever gathered. */
  facts(host: string): HostFacts | undefined {
    if (!this.#facts.has(host)) {
      const cached = this.#cache?.load(host);
      this.#facts.set(host, cached && formsOf(cached));
    }
    return this.#facts.get(host);
  }

  addFacts(host: string, facts: Dict): void {
    const all: Dict = new Map([...(this.facts(host)?.all ?? []), ...facts]);
    this.#facts.set(host, formsOf(all));
    this.#cache?.save(host, all);
  }

  clearFacts(host: string): void {
    this.#facts.set(host, undefined);
    this.#cache?.remove(host);
  }

  setFacts(host: string): Dict {
    return entryOf(this.#setFacts, host);
  }

  includedVars(host: string): Dict {
    return entryOf(this.#includedVars, host);
  }

  /** Sets a variable as `set_fact` does, text with its type to Ansible where that is no common one. */
  set(host: string, name: Value, value: Value, type?: TextType): void {
    const facts = entryOf(this.#setFacts, host);
    facts.set(name, value);
    markText(facts, name, type);
    this.#registered.get(host)?.delete(name);
  }

  /** Sets a variable to a task's result, which is what the host said. */
  register(host: string, name: Value, result: Dict): void {
    const facts = entryOf(this.#setFacts, host);
    facts.set(name, result);
    markText(facts, name, undefined);
    let names = this.#registered.get(host);
    if (!names) {
      names = new Set();
      this.#registered.set(host, names);
    }
    names.add(name);
  }

  /** Whether a variable of a host, of those set while plays run, holds what the host said. */
  isRegistered(host: string, name: string): boolean {
    return this.#registered.get(host)?.has(name) ?? false;
  }
}

const formsOf = (all: Dict): HostFacts => ({
  all,
  injected: injectableFacts(all),
  namespaced: namespacedFacts(all),
});

const entryOf = (map: Map<string, Dict>, host: string): Dict => {
  let entry = map.get(host);
  if (!entry) {
    entry = new Map();
    map.set(host, entry);
  }
  return entry;
};
