import { MusterError, TemplateError } from '../errors/index.ts';
import { type Dict, toText, Undefined, type Value } from '../values/index.ts';
import { Options } from './lookups/support.ts';
import { keepsText } from './lookups/template.ts';
import { isIn, truth, typeError } from './python/index.ts';
import { KeptText } from './runtime/index.ts';
import type { CallContext } from './types.ts';

/** `lookup(name, …)`, or `query(name, …)`, which always gives a list. */
export const callLookup = (context: CallContext, args: readonly Value[], kwargs: Dict, isQuery: boolean): Value => {
  const [name, ...terms] = args;
  if (name === undefined) throw typeError("lookup() missing 1 required positional argument: 'name'");
  for (const term of terms) if (term instanceof Undefined) throw term.error();
  const { wantlist, errors, options } = split(kwargs);
  const wantsList = isQuery || wantlist;
  let found: Value[];
  try {
    found = context.engine.callLookup(toText(name), terms, options, context);
  } catch (error) {
    if (!(error instanceof MusterError) || !isIn(errors, ['warn', 'ignore']) || !canBeIgnored(error)) throw error;
    return wantsList ? [] : null;
  }
  if (wantsList || found.length === 0) return found;
  if (found.every((item) => typeof item === 'string')) {
    const text = found.join(',');
    // The template lookup can be told to leave text alone.
    const isKept = name === 'template' && keepsText(context, new Options(options));
    return isKept ? new KeptText(text, 'NativeJinjaUnsafeText') : text;
  }
  return found.length === 1 ? found[0]! : found;
};

// That there is no such lookup can not be ignored.
const canBeIgnored = (error: MusterError): boolean =>
  !(error instanceof TemplateError && (error.kind === 'undefined' || error.message.endsWith(') not found')));

const split = (kwargs: Dict): { readonly wantlist: boolean; readonly errors: Value; readonly options: Dict } => {
  const options = new Map(kwargs);
  const wantlist = truth(options.get('wantlist') ?? false);
  const errors = options.get('errors') ?? 'strict';
  for (const name of ['wantlist', 'errors', 'allow_unsafe']) options.delete(name);
  return { wantlist, errors, options };
};
