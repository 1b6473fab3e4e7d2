import { type Dict, Nothing, PyObject, typeName, Undefined, type Value } from '../values/index.ts';
import { bind, type Callable } from './define.ts';
import { typeError } from './python/index.ts';
import type { CallContext } from './types.ts';

/** Calls a filter or test with the value that it is applied to. */
export const invoke = <Output>(
  name: string,
  callable: Callable<Output>,
  value: Value,
  args: readonly Value[],
  kwargs: Dict,
  context: CallContext,
): Output => {
  const all = [value, ...args];
  if (!callable.takesUndefined) checkArguments(name, all, kwargs);
  return callable.run(context, ...(bindArguments(name, callable, all, kwargs) as never[]));
};

// These take arguments that they may not need.
const lazy = new Set(['ternary', 'format']);

// Undefined arguments raise their error; what an `if` without an `else` left out counts as empty text.
const checkArguments = (name: string, args: Value[], kwargs: Dict): void => {
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (!(argument instanceof Undefined)) continue;
    if (argument instanceof Nothing) args[index] = '';
    else if (index === 0 || !lazy.has(name)) throw argument.error();
  }
  if (kwargs.size === 0 || lazy.has(name)) return;
  for (const argument of kwargs.values()) {
    if (argument instanceof Undefined && !(argument instanceof Nothing)) throw argument.error();
  }
};

// Most calls give each parameter by its position, or leave it to its default.
const bindArguments = (
  name: string,
  { signature }: Callable<unknown>,
  args: readonly Value[],
  kwargs: Dict,
): readonly unknown[] => {
  if (kwargs.size > 0 || args.length > signature.length) return bind(name, signature, args, kwargs);
  const bound: unknown[] = [];
  for (let index = 0; index < signature.length; index++) {
    const parameter = signature[index]!;
    if (parameter.kind !== 'plain') return bind(name, signature, args, kwargs);
    const value = index < args.length ? args[index] : parameter.default;
    if (value === undefined) return bind(name, signature, args, kwargs);
    bound.push(value);
  }
  return bound;
};

/** A function that needs to know for which host and task it is called, e.g. `lookup`. */
export class ContextFunction extends PyObject {
  override readonly typeName = 'function';
  readonly name: string;
  readonly run: (context: CallContext, args: readonly Value[], kwargs: Dict) => Value;

  constructor(name: string, run: (context: CallContext, args: readonly Value[], kwargs: Dict) => Value) {
    super();
    this.name = name;
    this.run = run;
  }
  // As a sort key or the like, where no host and task are at hand.
  override call(): Value {
    throw typeError(`${this.name}() cannot be called from here`);
  }
  override toText(): string {
    return `<function ${this.name}>`;
  }
}

/** The global function that a declaration describes, as a value. */
export const functionOf = (name: string, callable: Callable<Value>): ContextFunction =>
  new ContextFunction(name, (context, args, kwargs) => {
    const all = [...args];
    if (!callable.takesUndefined) checkArguments(name, all, kwargs);
    return callable.run(context, ...(bindArguments(name, callable, all, kwargs) as never[]));
  });

/** Calls a function, macro or method. */
export const callFunction = (callee: Value, args: readonly Value[], kwargs: Dict, context: CallContext): Value => {
  if (callee instanceof ContextFunction) return callee.run(context, args, kwargs);
  if (callee instanceof PyObject && callee.call) return callee.call(args, kwargs);
  if (callee instanceof Undefined) throw callee.error();
  throw typeError(`'${typeName(callee)}' object is not callable`);
};
