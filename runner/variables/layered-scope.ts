import type { Scope } from '../template/types.ts';
import { type Dict, type TextType, textMark, type Value } from '../values/index.ts';

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
  readonly #fromHost: (name: string, layer: Layer) => boolean;

  /** `fromHost` tells whether a name, which `layer` gave, holds what the host itself said. */
  constructor(
    layers: readonly Layer[],
    host?: string,
    fromHost: (name: string, layer: Layer) => boolean = () => false,
  ) {
    this.#layers = layers;
    this.host = host;
    this.#fromHost = fromHost;
  }

  isFromHost(name: string): boolean {
    const layer = this.#layers.find((one) => one.get(name) !== undefined);
    return layer !== undefined && this.#fromHost(name, layer);
  }

  get(name: string): Value | undefined {
    for (const layer of this.#layers) {
      const value = layer.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  textMark(name: string): TextType | undefined {
    const layer = this.#layers.find((one) => one.get(name) !== undefined);
    return layer && textMark(layer, name);
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

  /** The same variables with stronger ones in front: a loop's item, a rescued task's error. */
  with(overlay: Dict): LayeredScope {
    return overlay.size === 0 ? this : new LayeredScope([overlay, ...this.#layers], this.host, this.#fromHost);
  }
}

/** A layer whose values are worked out when they are first asked for. */
export class LazyLayer implements Layer {
  readonly #makers: ReadonlyMap<string, () => Value | undefined>;
  readonly #made = new Map<string, Value | undefined>();

  constructor(makers: Readonly<Record<string, () => Value | undefined>>) {
    this.#makers = new Map(Object.entries(makers));
  }

  get(name: string): Value | undefined {
    const make = this.#makers.get(name);
    if (!make) return undefined;
    if (!this.#made.has(name)) this.#made.set(name, make());
    return this.#made.get(name);
  }

  keys(): Iterable<string> {
    return this.#makers.keys();
  }
}
