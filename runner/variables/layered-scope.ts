import { mergeDicts } from '../inventory/model.ts';
import type { Scope } from '../template/types.ts';
import { type Dict, LazyDict, type TextType, textMark, type Value } from '../values/index.ts';

/** One level of precedence: names and values as they are stored. A `Dict` is one. */
export interface Layer {
  get(name: string): Value | undefined;
  keys(): Iterable<Value>;
}

/** Variables in layers, the strongest first: a name's value comes whole from the first layer that has it. */
export class LayeredScope implements Scope {
  readonly rendered = new Map<string, Value>();
  readonly host: string | undefined;
  readonly #layers: readonly Layer[];
  readonly #mergesHashes: boolean;
  readonly #fromHost: (name: string, layer: Layer) => boolean;

  /** `fromHost` tells whether a name, which `layer` gave, holds what the host itself said. */
  constructor(
    layers: readonly Layer[],
    host?: string,
    fromHost: (name: string, layer: Layer) => boolean = () => false,
    mergesHashes = false,
  ) {
    this.#mergesHashes = mergesHashes;
    this.#layers = layers;
    this.host = host;
    this.#fromHost = fromHost;
  }

  isFromHost(name: string): boolean {
    const layer = this.#layers.find((one) => one.get(name) !== undefined);
    return layer !== undefined && this.#fromHost(name, layer);
  }

  get(name: string): Value | undefined {
    let found: Value | undefined;
    for (const layer of this.#layers) {
      const value = layer.get(name);
      if (value === undefined) continue;
      if (!this.#mergesHashes) return value;
      // Weaker mappings fill in what stronger ones leave out; anything else covers what is below it.
      if (found === undefined) found = value;
      else if (value instanceof Map && !(value instanceof LazyDict)) found = mergeDicts(value, found as Dict);
      else return found;
      if (!(found instanceof Map) || found instanceof LazyDict) return found;
    }
    return found;
  }

  textMark(name: string): TextType | undefined {
    const layer = this.#layers.find((one) => one.get(name) !== undefined);
    return layer && textMark(layer instanceof StackedLayer ? layer.holder(name)! : layer, name);
  }

  *names(): Iterable<string> {
    const seen = new Set<string>();
    for (const layer of this.#layers) {
      for (const key of layer.keys()) {
        if (typeof key !== 'string' || seen.has(key)) continue;
        seen.add(key);
        yield key;
      }
    }
  }

  /** The same variables; `onRead` is told of each name that is looked up. */
  watched(onRead: (name: string) => void): LayeredScope {
    const watch: Layer = {
      get: (name) => {
        onRead(name);
        return undefined;
      },
      keys: () => [],
    };
    return new LayeredScope([watch, ...this.#layers], this.host, this.#fromHost, this.#mergesHashes);
  }

  /** The same variables with stronger ones in front: a loop's item, a rescued task's error. */
  with(overlay: Dict): LayeredScope {
    if (overlay.size === 0) return this;
    return new LayeredScope([overlay, ...this.#layers], this.host, this.#fromHost, this.#mergesHashes);
  }
}

/** Many layers that do not change any more as one, the strongest first: a name is looked up once and not in each. */
export class StackedLayer implements Layer {
  readonly #holders = new Map<Value, Layer>();

  constructor(layers: readonly Layer[]) {
    for (const layer of layers) {
      for (const name of layer.keys()) if (!this.#holders.has(name)) this.#holders.set(name, layer);
    }
  }

  /** The layer that a name comes from. */
  holder(name: string): Layer | undefined {
    return this.#holders.get(name);
  }

  get(name: string): Value | undefined {
    return this.#holders.get(name)?.get(name);
  }

  keys(): Iterable<Value> {
    return this.#holders.keys();
  }
}

/** How values are worked out from what is at hand, by their names: made once, for all layers of a kind. */
export type Makers<C> = ReadonlyMap<string, (context: C) => Value | undefined>;

/** A table of makers from an object of them. */
export const makers = <C>(table: Readonly<Record<string, (context: C) => Value | undefined>>): Makers<C> =>
  new Map(Object.entries(table));

/** A layer whose values are worked out when they are first asked for. */
export class LazyLayer<C> implements Layer {
  readonly #context: C;
  readonly #tables: readonly Makers<C>[];
  #made: Map<string, Value | undefined> | undefined;

  constructor(context: C, tables: readonly Makers<C>[]) {
    this.#context = context;
    this.#tables = tables;
  }

  get(name: string): Value | undefined {
    for (const table of this.#tables) {
      const make = table.get(name);
      if (make) return this.#value(name, make);
    }
    return undefined;
  }

  *keys(): Iterable<string> {
    for (const table of this.#tables) yield* table.keys();
  }

  #value(name: string, make: (context: C) => Value | undefined): Value | undefined {
    this.#made ??= new Map();
    if (!this.#made.has(name)) {
      // One that is asked for while it is worked out is not there.
      this.#made.set(name, undefined);
      this.#made.set(name, make(this.#context));
    }
    return this.#made.get(name);
  }
}
