import { type Dict, tuple, typeName, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import {
  callMethod,
  capitalize,
  defined,
  findMethod,
  lengthOf,
  modulo,
  split,
  splitLines,
  templateError,
  truth,
  typeError,
  valueError,
  wholeArgument,
} from '../python/index.ts';
import { argumentError, isList, isText, text } from './support.ts';
import { wrapLine } from './text-wrap.ts';

const leeway = 5;

const truncate = (value: Value, length: number, killWords: boolean, end: string, slack: number): Value => {
  const endLength = [...end].length;
  if (length < endLength) throw templateError('other', `expected length >= ${endLength}, got ${length}`);
  if (slack < 0) throw templateError('other', `expected leeway >= 0, got ${slack}`);
  // Anything with a length passes while it is short.
  if (lengthOf(value) <= length + slack) return value;
  const characters = [...ownText(value, 'rsplit')];
  const cut = characters.slice(0, length - endLength).join('');
  if (killWords) return cut + end;
  const space = cut.lastIndexOf(' ');
  return (space === -1 ? cut : cut.slice(0, space)) + end;
};

// The text itself, where Python calls a method of str on what it was given.
const ownText = (value: Value, method: string): string => {
  if (isText(defined(value))) return text(value);
  throw templateError('attribute', `'${typeName(value)}' object has no attribute '${method}'`);
};

// `indent` first adds an end of line, which a list can take too.
const withNewline = (value: Value): string => {
  if (isText(defined(value))) return `${text(value)}\n`;
  if (isList(value)) return ownText(value, 'splitlines');
  throw typeError(`unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`);
};

const indent = (value: Value, width: Value, first: boolean, blank: boolean): string => {
  const margin = isText(width) ? text(width) : ' '.repeat(Math.max(0, wholeArgument(width)));
  const lines = splitLines(withNewline(value));
  const shown = lines.map((line, index) => (index > 0 && (blank || line !== '') ? margin + line : line)).join('\n');
  return first ? margin + shown : shown;
};

// Python's own methods of str, where the filter does nothing else.
const method = (name: string, self: Value, ...args: readonly Value[]): Value =>
  callMethod(findMethod('', name)!, text(self), args, new Map());

/** Jinja2's filters of text. */
export const jinjaText: readonly Filter[] = [
  defineFilter('string', 'object', (_, value) => text(value)),
  defineFilter('upper', 's', (_, value) => text(value).toUpperCase()),
  defineFilter('lower', 's', (_, value) => text(value).toLowerCase()),
  defineFilter('capitalize', 's', (_, value) => capitalize(text(value))),
  defineFilter('title', 's', (_, value) =>
    text(value)
      .split(/([-\s({[<]+)/)
      .map(([first = '', ...rest]) => first.toUpperCase() + rest.join('').toLowerCase())
      .join(''),
  ),
  defineFilter('center', 'value, width=80', (_, value, width) => method('center', value, width)),
  defineFilter('trim', 'value, chars=None', (_, value, characters) => method('strip', value, characters)),
  defineFilter('replace', 's, old, new, count=None', (_, value, from, to, count) =>
    method('replace', value, text(from), text(to), count ?? -1),
  ),
  defineFilter(
    'truncate',
    's, length=255, killwords=False, end="...", leeway=None',
    (_, value, length, killWords, end, slack) =>
      truncate(
        value,
        wholeArgument(length),
        truth(killWords),
        text(end),
        slack === null ? leeway : wholeArgument(slack),
      ),
  ),
  defineFilter(
    'wordwrap',
    's, width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True',
    (_, value, width, breakLongWords, wrapString, breakOnHyphens) => {
      const between = wrapString === null ? '\n' : text(wrapString);
      const columns = wholeArgument(width);
      if (columns <= 0) throw valueError(`invalid width ${columns} (must be > 0)`);
      const options = { breakLongWords: truth(breakLongWords), breakOnHyphens: truth(breakOnHyphens) };
      return splitLines(ownText(value, 'splitlines'))
        .map((line) => wrapLine(line, columns, options).join(between))
        .join(between);
    },
  ),
  defineFilter('indent', 's, width=4, first=False, blank=False', (_, value, width, first, blank) =>
    indent(value, width, truth(first), truth(blank)),
  ),
  defineFilter('wordcount', 's', (_, value) => text(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  defineFilter('format', 'value, *args, **kwargs', (_, value, args: Value[], kwargs: Dict) => {
    if (args.length > 0 && kwargs.size > 0)
      throw argumentError("can't handle positional and keyword arguments at the same time");
    return modulo(text(value), kwargs.size > 0 ? kwargs : tuple(args));
  }),
  defineFilter('split', 'value, sep=None, maxsplit=-1', (_, value, separator, limit) => {
    if (isText(value)) return split(text(value), separator, limit);
    throw typeError(`descriptor 'split' for 'str' objects doesn't apply to a '${typeName(value)}' object`);
  }),
];
