import { type Dict, PyFunction, PyObject, toRepr, Undefined, type Value } from '../../values/index.ts';
import { addEntries, templateError, typeError } from '../python/index.ts';
import type { BlockBody } from './compiled.ts';
import type { Context } from './context.ts';
import { Sink } from './sink.ts';

/** `namespace(…)`: variables that inner frames can change. */
export class Namespace extends PyObject {
  override readonly typeName = 'Namespace';
  readonly entries: Dict = new Map();

  constructor(args: readonly Value[], kwargs: Dict) {
    super();
    addEntries(this.entries, args[0], kwargs);
  }
  override attribute(name: string): Value | undefined {
    return this.entries.get(name);
  }
  override item(key: Value): Value | undefined {
    return this.entries.get(key);
  }
  override toText(): string {
    return `<Namespace ${toRepr(this.entries)}>`;
  }
}

/** `cycler(…)`: its items in turn. */
export class Cycler extends PyObject {
  override readonly typeName = 'Cycler';
  readonly #items: readonly Value[];
  #position = 0;

  constructor(items: readonly Value[]) {
    super();
    if (items.length === 0) throw templateError('other', 'at least one item has to be provided');
    this.#items = items;
  }
  #next(): Value {
    const item = this.#items[this.#position]!;
    this.#position = (this.#position + 1) % this.#items.length;
    return item;
  }
  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'current':
        return this.#items[this.#position]!;
      case 'next':
        return new PyFunction('next', () => this.#next());
      case 'reset':
        return new PyFunction('reset', () => {
          this.#position = 0;
          return null;
        });
    }
    return undefined;
  }
  override toText(): string {
    return '<Cycler>';
  }
}

/** `joiner(sep)`: nothing at the first call, then the separator. */
export class Joiner extends PyObject {
  override readonly typeName = 'Joiner';
  readonly #separator: Value;
  #isUsed = false;

  constructor(separator: Value) {
    super();
    this.#separator = separator;
  }
  override call(): Value {
    if (this.#isUsed) return this.#separator;
    this.#isUsed = true;
    return '';
  }
  override toText(): string {
    return '<Joiner>';
  }
}

/** An imported template: what it exports, and what it printed. */
export class Module extends PyObject {
  override readonly typeName = 'jinja2.environment.TemplateModule';
  readonly exports: ReadonlyMap<string, Value>;
  readonly #text: string;

  constructor(context: Context, text: string) {
    super();
    this.exports = new Map([...context.vars].filter(([name]) => context.exported.has(name)));
    this.#text = text;
  }
  override attribute(name: string): Value | undefined {
    return this.exports.get(name);
  }
  override toText(): string {
    return this.#text;
  }
}

/** One body of a block, for `super()` and `self.name()`. */
class BlockReference extends PyObject {
  override readonly typeName = 'BlockReference';
  readonly #name: string;
  readonly #context: Context;
  readonly #bodies: readonly BlockBody[];
  readonly #depth: number;

  constructor(name: string, context: Context, bodies: readonly BlockBody[], depth: number) {
    super();
    this.#name = name;
    this.#context = context;
    this.#bodies = bodies;
    this.#depth = depth;
  }
  override call(args: readonly Value[]): Value {
    if (args.length > 0) throw typeError(`the block '${this.#name}' takes no arguments`);
    const sink = new Sink(this.#context.environment);
    this.#bodies[this.#depth]!(this.#context, sink);
    return sink.value;
  }
  override attribute(name: string): Value | undefined {
    return name === 'super' ? parentBlock(this.#name, this.#context, this.#bodies, this.#depth) : undefined;
  }
  override toText(): string {
    return `<BlockReference '${this.#name}'>`;
  }
}

/** What `super` is in the body at `depth` of a block. */
export const parentBlock = (name: string, context: Context, bodies: readonly BlockBody[], depth: number): Value =>
  depth + 1 < bodies.length
    ? new BlockReference(name, context, bodies, depth + 1)
    : new Undefined(`there is no parent block called '${name}'`, 'super');

/** The variable `self`: the template's blocks. */
export class SelfReference extends PyObject {
  override readonly typeName = 'TemplateReference';
  readonly #context: Context;

  constructor(context: Context) {
    super();
    this.#context = context;
  }
  override item(key: Value): Value | undefined {
    const bodies = typeof key === 'string' ? this.#context.blocks.get(key) : undefined;
    return bodies && new BlockReference(key as string, this.#context, bodies, 0);
  }
  override toText(): string {
    return '<TemplateReference>';
  }
}
