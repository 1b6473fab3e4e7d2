import type { Dict, Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { iterate, templateError, truth } from '../python/index.ts';
import type { CallContext } from '../types.ts';
import { attributeGetter } from './attribute-path.ts';
import { argumentError, text } from './support.ts';

type Args = readonly Value[];

// What `map` does with each item: takes an attribute, or calls a filter by its name.
const mapper = (context: CallContext, args: Args, kwargs: Dict): ((item: Value) => Value) => {
  if (args.length === 0 && kwargs.has('attribute')) {
    const unknown = [...kwargs.keys()].find((key) => key !== 'attribute' && key !== 'default');
    if (unknown !== undefined) throw argumentError(`Unexpected keyword argument '${text(unknown)}'`);
    return attributeGetter(context.engine, kwargs.get('attribute')!, { fallback: kwargs.get('default') ?? null });
  }
  if (args.length === 0) throw templateError('key', 'map requires a filter argument');
  const [name, ...rest] = args;
  return (item) => context.engine.callFilter(text(name!), item, rest, kwargs, context);
};

const tester = (context: CallContext, args: Args, kwargs: Dict): ((item: Value) => boolean) => {
  if (args.length === 0) return truth;
  const [name, ...rest] = args;
  return (item) => context.engine.callTest(text(name!), item, rest, kwargs, context);
};

const defineChoice = (name: string, takesAttribute: boolean, keep: boolean): Filter =>
  defineFilter(name, 'value, *args, **kwargs', (context, value, args: Args, kwargs: Dict) => {
    if (!truth(value)) return [];
    if (takesAttribute && args.length === 0) throw templateError('key', 'Missing parameter for attribute name');
    const get = takesAttribute ? attributeGetter(context.engine, args[0]!) : (item: Value) => item;
    const passes = tester(context, takesAttribute ? args.slice(1) : args, kwargs);
    return [...iterate(value)].filter((item) => passes(get(item)) === keep);
  });

/** Jinja2's map, and the filters that keep or drop items by a test. */
export const jinjaSelect: readonly Filter[] = [
  defineFilter('map', 'value, *args, **kwargs', (context, value, args: Args, kwargs: Dict) =>
    truth(value) ? Array.from(iterate(value), mapper(context, args, kwargs)) : [],
  ),
  defineChoice('select', false, true),
  defineChoice('reject', false, false),
  defineChoice('selectattr', true, true),
  defineChoice('rejectattr', true, false),
];
