import { type Dict, PyObject, typeName, type Value } from '../../../values/index.ts';
import type { Given } from '../../define.ts';
import { bind, parseSignature, type Signature } from '../../define.ts';

/** A method of one of Python's own types. */
export interface Method {
  readonly name: string;
  readonly signature: Signature;
  readonly run: (self: never, ...args: never[]) => Value;
}

export type Methods = ReadonlyMap<string, Method>;

/** None, after something was done: what Python's methods that change their object return. */
export const nothing = (_done: unknown): null => null;

/** Collects the methods of a type: `[name, Python signature without self, function]`. */
export const defineMethods = <Self>(
  methods: readonly (readonly [name: string, signature: string, run: (self: Self, ...args: Given) => Value])[],
): Methods =>
  new Map(
    methods.map(([name, signature, run]) => [
      name,
      { name, signature: parseSignature(signature), run: run as Method['run'] },
    ]),
  );

/** Calls a method with arguments as a template gave them. */
export const callMethod = (method: Method, self: Value, args: readonly Value[], kwargs: Dict): Value =>
  method.run(self as never, ...(bind(method.name, method.signature, args, kwargs) as never[]));

/** A method of a value, not called yet. */
export class BoundMethod extends PyObject {
  override readonly typeName = 'builtin_function_or_method';
  readonly name: string;
  readonly self: Value;
  readonly method: Method;

  constructor(name: string, self: Value, method: Method) {
    super();
    this.name = name;
    this.self = self;
    this.method = method;
  }
  override call(args: readonly Value[], kwargs: Dict): Value {
    return callMethod(this.method, this.self, args, kwargs);
  }
  override toText(): string {
    return `<built-in method ${this.name} of ${typeName(this.self)} object>`;
  }
}
