import { type Dict, isEqual, PyFunction, PyObject, tuple, Undefined, type Value } from '../../values/index.ts';
import { typeError } from '../python/index.ts';

/** The variable `loop` inside of a loop. */
export class LoopContext extends PyObject {
  override readonly typeName = 'jinja2.runtime.LoopContext';
  readonly #items: readonly Value[];
  readonly #depth0: number;
  readonly #recurse: ((items: Value, depth: number) => Value) | undefined;
  readonly #length: number;
  #changed: Value | undefined;
  index0 = -1;

  constructor(items: readonly Value[], depth0: number, recurse?: (items: Value, depth: number) => Value) {
    super();
    this.#items = items;
    this.#length = items.length;
    this.#depth0 = depth0;
    this.#recurse = recurse;
  }
  override attribute(name: string): Value | undefined {
    const { index0 } = this;
    switch (name) {
      case 'index':
        return index0 + 1;
      case 'index0':
        return index0;
      case 'revindex':
        return this.#length - index0;
      case 'revindex0':
        return this.#length - index0 - 1;
      case 'first':
        return index0 === 0;
      case 'last':
        return index0 === this.#items.length - 1;
      case 'length':
        return this.#length;
      case 'depth':
        return this.#depth0 + 1;
      case 'depth0':
        return this.#depth0;
      case 'previtem':
        return index0 === 0 ? new Undefined('there is no previous item') : this.#items[index0 - 1]!;
      case 'nextitem':
        return index0 + 1 < this.#items.length ? this.#items[index0 + 1]! : new Undefined('there is no next item');
      case 'cycle':
        return new PyFunction('cycle', (args) => this.#cycle(args));
      case 'changed':
        return new PyFunction('changed', (args) => this.#hasChanged(args));
    }
    return undefined;
  }
  #cycle(args: readonly Value[]): Value {
    if (args.length === 0) throw typeError('no items for cycling given');
    return args[this.index0 % args.length]!;
  }
  #hasChanged(args: readonly Value[]): boolean {
    const now = tuple(args);
    if (this.#changed !== undefined && isEqual(this.#changed, now)) return false;
    this.#changed = now;
    return true;
  }
  override call(args: readonly Value[], _kwargs: Dict): Value {
    if (this.#recurse === undefined) {
      throw typeError("the loop must have the 'recursive' marker to be called");
    }
    if (args.length !== 1) throw typeError('loop() takes the items of the inner loop');
    return this.#recurse(args[0]!, this.#depth0 + 1);
  }
  override toText(): string {
    return `<LoopContext ${this.index0 + 1}/${this.#length}>`;
  }
}
