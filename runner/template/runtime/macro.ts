import { type Dict, PyObject, tuple, Undefined, type Value } from '../../values/index.ts';
import { typeError } from '../python/index.ts';

/** What a macro takes. */
export interface MacroSignature {
  readonly name: string | null;
  readonly parameters: readonly string[];
  /** Whether its body uses the names `kwargs`, `varargs`, `caller`, and so takes what they stand for. */
  readonly takesKwargs: boolean;
  readonly takesVarargs: boolean;
  readonly takesCaller: boolean;
}

/** A macro: called with arguments bound to its parameters, it renders its body. */
export class Macro extends PyObject {
  override readonly typeName = 'Macro';
  readonly signature: MacroSignature;
  readonly #run: (bound: Map<string, Value>) => Value;

  constructor(signature: MacroSignature, run: (bound: Map<string, Value>) => Value) {
    super();
    this.signature = signature;
    this.#run = run;
  }
  override call(args: readonly Value[], kwargs: Dict): Value {
    return this.#run(this.#bind(args, new Map(kwargs)));
  }
  #bind(args: readonly Value[], kwargs: Dict): Map<string, Value> {
    const { name, parameters, takesKwargs, takesVarargs, takesCaller } = this.signature;
    const shown = name === null ? 'None' : `'${name}'`;
    const bound = new Map<string, Value>();
    parameters.forEach((parameter, index) => {
      if (index < args.length) bound.set(parameter, args[index]!);
      else if (kwargs.has(parameter)) {
        bound.set(parameter, kwargs.get(parameter)!);
        kwargs.delete(parameter);
      }
    });
    if (takesCaller && !parameters.includes('caller')) {
      bound.set('caller', kwargs.get('caller') ?? new Undefined('No caller defined', 'caller'));
      kwargs.delete('caller');
    }
    if (takesKwargs) bound.set('kwargs', kwargs);
    else {
      for (const key of kwargs.keys()) throw typeError(`macro ${shown} takes no keyword argument '${String(key)}'`);
    }
    if (takesVarargs) bound.set('varargs', tuple(args.slice(parameters.length)));
    else if (args.length > parameters.length) {
      throw typeError(`macro ${shown} takes not more than ${parameters.length} argument(s)`);
    }
    return bound;
  }
  override attribute(name: string): Value | undefined {
    const { signature } = this;
    switch (name) {
      case 'name':
        return signature.name;
      case 'arguments':
        return tuple(signature.parameters);
      case 'catch_kwargs':
        return signature.takesKwargs;
      case 'catch_varargs':
        return signature.takesVarargs;
      case 'caller':
        return signature.takesCaller;
    }
    return undefined;
  }
  override toText(): string {
    return `<Macro ${this.signature.name === null ? 'anonymous' : `'${this.signature.name}'`}>`;
  }
}
