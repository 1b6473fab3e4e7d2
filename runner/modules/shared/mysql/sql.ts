import { ModuleFailure } from '../../../errors/index.ts';
import { type Dict, Float, toText, type Value } from '../../../values/index.ts';

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
};

/** A value as SQL. `plain`: the server takes backslashes literally (NO_BACKSLASH_ESCAPES). */
export const literal = (value: Value | undefined, plain = false): string => {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))) {
    // With an exponent it is a double for the server, and no decimal.
    const text = toText(value);
    return text.includes('e') ? text : `${text}e0`;
  }
  if (typeof value === 'number' || typeof value === 'bigint') return toText(value);
  if (Array.isArray(value)) return `(${value.map((item: Value) => literal(item, plain)).join(',')})`;
  const text = toText(value);
  return plain
    ? `'${text.replaceAll("'", "''")}'`
    : `'${text.replace(/[\0\n\r\x1a"'\\]/g, (character) => escapes[character]!)}'`;
};

/** A name as SQL; one that is quoted already stays. */
export const identifier = (name: string): string => {
  if (name === '') throw new ModuleFailure('Identifier name unspecified or unquoted trailing dot');
  if (/^`(?:[^`]|``)+`$/.test(name)) return name;
  return `\`${name.replaceAll('`', '``')}\``;
};

/** The arguments do not fit a query. */
export class FormatError extends Error {}

/**
 * Puts arguments into a query as Python's drivers do: `%s` in turn, `%(name)s` by name, `%%` for a per cent sign.
 * Throws FormatError where they do not fit.
 */
export const formatQuery = (query: string, args: readonly Value[] | Dict, plain: boolean): string => {
  let next = 0;
  const isList = Array.isArray(args);
  const text = query.replace(/%(?:%|(?:\(([^)]*)\))?([sdr])|(.?))/g, (whole, name?: string, kind?: string) => {
    if (whole === '%%') return '%';
    if (kind === undefined)
      throw new FormatError(`'${whole}' is no place for an argument; write %% for a per cent sign`);
    if (name !== undefined) {
      if (isList || !(args as Dict).has(name)) throw new FormatError(`there is no argument '${name}'`);
      return literal((args as Dict).get(name), plain);
    }
    if (!isList) throw new FormatError('%s takes positional_args, not named_args');
    if (next >= args.length) throw new FormatError('not enough arguments for format string');
    return literal(args[next++], plain);
  });
  if (isList && next < args.length) throw new FormatError('not all arguments converted during string formatting');
  return text;
};
