import { type Dict, toRepr, toText, type Value } from '../../values/index.ts';
import { strictAttribute, strictItem } from './access.ts';
import { defined, templateError, valueError } from './errors.ts';
import { formatValue } from './format-spec.ts';

const manualText = 'manual field specification';
const automaticText = 'automatic field numbering';

/** Python's `text.format(*args, **kwargs)`. */
export const formatText = (text: string, args: readonly Value[], kwargs: Dict): string => {
  let automatic = 0;
  let isManual: boolean | undefined;
  const lookUp = (name: string): Value => {
    const isNumbered = /^\d+$/.test(name);
    if (isNumbered || name === '') {
      const [before, now] = isNumbered ? [automaticText, manualText] : [manualText, automaticText];
      if (isManual === !isNumbered) throw valueError(`cannot switch from ${before} to ${now}`);
      isManual = isNumbered;
    }
    const key = name === '' ? String(automatic++) : name;
    if (/^\d+$/.test(key)) {
      const value = args[Number(key)];
      if (value === undefined) {
        throw templateError('key', `Replacement index ${key} out of range for positional args tuple`);
      }
      return value;
    }
    const value = kwargs.get(key);
    if (value === undefined) throw templateError('key', toRepr(key));
    return value;
  };
  return expand(text, lookUp, 2);
};

const expand = (text: string, lookUp: (name: string) => Value, depth: number): string => {
  if (depth === 0) throw valueError('Max string recursion exceeded');
  let result = '';
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (character !== '{' && character !== '}') {
      const end = text.slice(at).search(/[{}]/);
      const stop = end === -1 ? text.length : at + end;
      result += text.slice(at, stop);
      at = stop;
    } else if (text[at + 1] === character) {
      result += character;
      at += 2;
    } else if (character === '}') throw valueError("Single '}' encountered in format string");
    else {
      const end = closingBrace(text, at);
      result += field(text.slice(at + 1, end), lookUp, depth);
      at = end + 1;
    }
  }
  return result;
};

const closingBrace = (text: string, start: number): number => {
  let open = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') open++;
    else if (text[at] === '}' && --open === 0) return at;
  }
  throw valueError(
    start === text.length - 1 ? "Single '{' encountered in format string" : "expected '}' before end of string",
  );
};

const field = (text: string, lookUp: (name: string) => Value, depth: number): string => {
  const [, path, conversion, spec] = /^((?:\[[^\]]*\]|[^!:[])*)(?:!(.[^:]*)?)?(?::([\s\S]*))?$/.exec(text) ?? [];
  if (path === undefined) throw valueError('unmatched braces in format string');
  const name = /^[^.[]*/.exec(path)![0];
  let value = lookUp(name);
  for (const [, attribute, item] of path.slice(name.length).matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
    value =
      attribute !== undefined
        ? strictAttribute(value, attribute)
        : strictItem(value, /^\d+$/.test(item!) ? Number(item) : item!);
  }
  defined(value);
  if (conversion === 'r' || conversion === 'a') value = toRepr(value);
  else if (conversion === 's') value = toText(value);
  else if (conversion !== undefined) throw valueError(`Unknown conversion specifier ${conversion}`);
  return formatValue(value, spec === undefined ? '' : expand(spec, lookUp, depth - 1));
};
