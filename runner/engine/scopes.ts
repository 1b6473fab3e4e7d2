import { dirname } from 'node:path';
import type { TaskNode } from '../playbook/index.ts';
import { type Dict, dict, type Value } from '../values/index.ts';
import {
  HostVars,
  type Layer,
  LayeredScope,
  LazyLayer,
  playRoleDefaults,
  playRoleVars,
  ScopeVars,
  taskLayers,
} from '../variables/index.ts';
import type { RunContext } from './context.ts';
import { commonMagic, connectionDefaults, magicLayer } from './magic-variables.ts';
import type { PlayRun } from './play-run.ts';

/** Makes the scopes in which hosts see their variables. */
export class Scopes {
  readonly #context: RunContext;
  readonly #constants: Dict;

  /** `constants` are magic variables that are the same for the whole run (`ansible_check_mode`, `ansible_forks`, …). */
  constructor(context: RunContext, constants: Dict) {
    this.#context = context;
    this.#constants = constants;
  }

  /** A host's variables, seen from a play and a task as far as there are any: Ansible's order of precedence. */
  of(
    host: string,
    play?: PlayRun,
    task?: TaskNode,
    directory: string = play ? dirname(play.node.file) : process.cwd(),
  ): LayeredScope {
    const { store, catalog, options } = this.#context;
    const facts = store.facts(host);
    const layers = task && taskLayers(task);
    const all: Layer[] = [];
    const setFacts = store.setFacts(host);
    const namespaced = dict({ ansible_facts: facts?.namespaced ?? new Map() });
    const scope = new LayeredScope(
      all,
      host,
      (name, layer) =>
        layer === namespaced || layer === facts?.injected || (layer === setFacts && store.isRegistered(host, name)),
      options.mergesHashes,
    );
    all.push(
      this.#magic(host, play, task, scope, directory),
      this.#constants,
      store.extraVars,
      ...(layers?.params ?? []),
      setFacts,
      store.includedVars(host),
      ...(layers?.vars ?? []),
      ...(layers?.roleVars ?? []),
      ...(play && !options.hasPrivateRoleVars ? playRoleVars(play.roles, options.mergesHashes) : []),
      ...(play ? play.varsFiles(host).toReversed() : []),
      ...(play ? [play.vars] : []),
      namespaced,
      ...(facts && options.injectFacts ? [facts.injected] : []),
      ...catalog.layersOf(host),
      ...(layers?.roleDefaults ?? []),
      ...(play ? playRoleDefaults(play.roles, options.mergesHashes) : []),
      ...(task && catalog.has(host) ? [connectionDefaults(host, task, scope, this.#context)] : []),
    );
    return scope;
  }

  /** What is there before a play has hosts: for the keywords that say which they are. `vars` are the play's own. */
  ofPlay(directory: string, vars: Dict): LayeredScope {
    const { store, catalog } = this.#context;
    const magic = new LazyLayer({ catalog, directory, hostVars: () => this.#hostVars(directory) }, [commonMagic]);
    return new LayeredScope([magic, this.#constants, store.extraVars, vars]);
  }

  #magic(
    host: string,
    play: PlayRun | undefined,
    task: TaskNode | undefined,
    scope: LayeredScope,
    directory: string,
  ): Layer {
    const { catalog, templar } = this.#context;
    return magicLayer({
      host,
      play,
      task,
      scope,
      directory,
      catalog,
      templar,
      file: catalog.inventoryFile(host),
      hostVars: () => this.#hostVars(directory),
    });
  }

  #hostVars(directory: string): Value {
    const { catalog, templar } = this.#context;
    const opened = new Map<string, Value>();
    return new HostVars(
      () => catalog.hosts(),
      (name) => catalog.has(name),
      (name) => {
        let vars = opened.get(name);
        if (!vars) {
          // A host's variables are those that it has whatever play or task is under way.
          vars = new ScopeVars(this.of(name, undefined, undefined, directory), templar, ['hostvars', 'vars']);
          opened.set(name, vars);
        }
        return vars;
      },
    );
  }
}
