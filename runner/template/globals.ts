import {
  localFields,
  PyDateTime,
  PyFunction,
  PyObject,
  toText,
  Undefined,
  utcFields,
  type Value,
  view,
} from '../values/index.ts';
import { defineGlobal, type GlobalFunction } from './define.ts';
import { ContextFunction, functionOf } from './invoke.ts';
import { lipsum } from './lipsum.ts';
import { callLookup } from './lookup-call.ts';
import { addEntries, intOf, truth, typeError, valueError } from './python/index.ts';
import { Cycler, Joiner, Namespace } from './runtime/index.ts';
import type { CallContext } from './types.ts';

const longestRange = 10_000_000;

const range = (_context: CallContext, args: Value[]): Value => {
  const numbers = args.map((argument) => {
    const number = intOf(argument);
    if (number === undefined) throw typeError('range() takes integers');
    return Number(number);
  });
  if (numbers.length === 0 || numbers.length > 3) throw typeError('range() takes one to three arguments');
  const [start, stop, step = 1] = numbers.length === 1 ? [0, numbers[0]!] : (numbers as [number, number, number?]);
  if (step === 0) throw valueError('range() arg 3 must not be zero');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > longestRange) throw valueError(`the range would have ${length} items`);
  const items = Array.from({ length }, (_, index) => start + index * step);
  return view('range', items, `range(${start}, ${stop}${step === 1 ? '' : `, ${step}`})`);
};

const now = (_context: CallContext, utc: Value, format: Value): Value => {
  const milliseconds = Date.now();
  const seconds = Math.floor(milliseconds / 1000);
  const fieldsOf = truth(utc) ? utcFields : localFields;
  const { offset: _offset, zone: _zone, ...fields } = fieldsOf(seconds, (milliseconds - seconds * 1000) * 1000);
  const time = new PyDateTime(fields);
  if (format === null || !truth(format)) return time;
  const strftime = time.attribute('strftime');
  return strftime instanceof PyObject && strftime.call ? strftime.call([format], new Map()) : time;
};

const undef = (_context: CallContext, hint: Value): Value =>
  new Undefined(
    hint === null || hint instanceof Undefined || hint === ''
      ? 'Mandatory variable has not been overridden'
      : toText(hint),
  );

/** The functions that every template can call. */
export const globalFunctions: readonly GlobalFunction[] = [
  defineGlobal('range', '*args', range),
  defineGlobal('now', 'utc=False, fmt=None', now),
  defineGlobal('undef', 'hint=None', undef, { takesUndefined: true }),
  defineGlobal('lipsum', 'n=5, html=True, min=20, max=100', (_context, count, html, min, max) =>
    lipsum(Number(count), truth(html), Number(min), Number(max)),
  ),
];

// These take keywords of any name.
const makers: Readonly<Record<string, (args: readonly Value[], kwargs: Map<Value, Value>) => Value>> = {
  dict: (args, kwargs) => {
    const made = new Map<Value, Value>();
    addEntries(made, args[0], kwargs);
    return made;
  },
  namespace: (args, kwargs) => new Namespace(args, kwargs),
  cycler: (args) => new Cycler(args),
  joiner: (args, kwargs) => new Joiner(args[0] ?? kwargs.get('sep') ?? ', '),
};

// It is a class to Python.
class DictType extends PyFunction {
  override toText(): string {
    return "<class 'dict'>";
  }
}

/** All that every template sees, by name. */
export const globalValues = (functions: readonly GlobalFunction[] = globalFunctions): ReadonlyMap<string, Value> => {
  const query = new ContextFunction('query', (context, args, kwargs) => callLookup(context, args, kwargs, true));
  const values = new Map<string, Value>([
    ['lookup', new ContextFunction('lookup', (context, args, kwargs) => callLookup(context, args, kwargs, false))],
    ['query', query],
    ['q', query],
  ]);
  for (const [name, make] of Object.entries(makers))
    values.set(name, name === 'dict' ? new DictType(name, make) : new PyFunction(name, make));
  for (const callable of functions) for (const name of callable.names) values.set(name, functionOf(name, callable));
  return values;
};
