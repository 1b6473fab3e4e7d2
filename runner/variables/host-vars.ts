import type { Engine, Scope } from '../template/types.ts';
import { type Dict, dict, LazyDict, markText, Template, Undefined, type Value, VaultText } from '../values/index.ts';

/**
 * The `hostvars` variable: each host's variables by name. A `Map` for those who look at it, which works a host's
 * variables out only when somebody asks for them.
 */
export class HostVars extends LazyDict {
  readonly #hosts: () => Iterable<string>;
  readonly #has: (host: string) => boolean;
  readonly #open: (host: string) => Value;

  constructor(hosts: () => Iterable<string>, has: (host: string) => boolean, open: (host: string) => Value) {
    super();
    this.#hosts = hosts;
    this.#has = has;
    this.#open = open;
  }

  override get(host: Value): Value | undefined {
    return this.has(host) ? this.#open(host as string) : undefined;
  }
  override has(host: Value): boolean {
    return typeof host === 'string' && this.#has(host);
  }
  override get size(): number {
    return [...this.#hosts()].length;
  }
  override *keys(): MapIterator<Value> {
    yield* this.#hosts();
  }
  override *values(): MapIterator<Value> {
    for (const host of this.#hosts()) yield this.#open(host);
  }
  override *entries(): MapIterator<[Value, Value]> {
    for (const host of this.#hosts()) yield [host, this.#open(host)];
  }
  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries();
  }
  override forEach(visit: (value: Value, key: Value, map: Map<Value, Value>) => void): void {
    for (const [host, variables] of this.entries()) visit(variables, host, this);
  }
}

/**
 * All variables of a scope as one mapping, each rendered when somebody asks for it (`hostvars[host]`, `vars`). `hidden`
 * are the names that would hold this mapping itself.
 */
export class ScopeVars extends LazyDict {
  readonly #scope: Scope;
  readonly #engine: Pick<Engine, 'render'>;
  readonly #hidden: readonly string[];

  constructor(scope: Scope, engine: Pick<Engine, 'render'>, hidden: readonly string[]) {
    super();
    this.#scope = scope;
    this.#engine = engine;
    this.#hidden = hidden;
  }

  override get(name: Value): Value | undefined {
    if (typeof name !== 'string' || this.#hidden.includes(name)) return undefined;
    const value = this.#scope.get(name);
    if (value === undefined) return undefined;
    const known = this.#scope.rendered.get(name);
    if (known !== undefined && !(known instanceof Undefined || known instanceof VaultText)) return known;
    // A variable that cannot be rendered must not keep others from being read.
    const rendered = this.#engine.render(value, this.#scope, { failOnUndefined: false });
    if (value instanceof Template && rendered === value.source) markText(this, name, 'Template');
    return rendered;
  }
  override has(name: Value): boolean {
    return typeof name === 'string' && !this.#hidden.includes(name) && this.#scope.get(name) !== undefined;
  }
  override get size(): number {
    return [...this.keys()].length;
  }
  override *keys(): MapIterator<Value> {
    for (const name of this.#scope.names()) if (this.has(name)) yield name;
  }
  override *values(): MapIterator<Value> {
    for (const name of this.keys()) yield this.get(name)!;
  }
  override *entries(): MapIterator<[Value, Value]> {
    for (const name of this.keys()) yield [name, this.get(name)!];
  }
  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries();
  }
  override forEach(visit: (value: Value, key: Value, map: Map<Value, Value>) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this);
  }
}

/** What the `ansible_version` variable says: the release whose language muster speaks. */
export const ansibleVersion: Dict = dict({ full: '2.14.18', major: 2, minor: 14, revision: 18, string: '2.14.18' });
