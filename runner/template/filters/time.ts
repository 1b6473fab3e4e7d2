import { localFields, strftime, strptime, typeName, utcFields, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { defined, realOf, truth, typeError, valueError } from '../python/index.ts';
import { readFloat } from './read-number.ts';
import { filterError, isText, text, withErrors } from './support.ts';

const formatTime = (format: string, second: Value, utc: boolean): string => {
  const seconds = second === null ? Date.now() / 1000 : isText(second) ? readFloat(text(second)) : realOf(second);
  if (seconds === undefined) throw filterError(`Invalid value for epoch value (${text(second)})`);
  const fields = utc ? utcFields(seconds) : localFields(seconds);
  // Python's gmtime calls its zone by the older name.
  return strftime(format, utc ? { ...fields, zone: 'GMT' } : fields);
};

const formatOf = (format: Value): string => {
  if (isText(defined(format))) return text(format);
  throw typeError(`strftime() argument 1 must be str, not ${typeName(format)}`);
};

/** Ansible's filters of dates. */
export const time: readonly Filter[] = [
  defineFilter('strftime', 'string_format, second=None, utc=False', (_, format, second, utc) =>
    formatTime(formatOf(format), second, truth(utc)),
  ),
  defineFilter('to_datetime', 'string, format="%Y-%m-%d %H:%M:%S"', (_, value, format) =>
    withErrors(
      () => strptime(text(value), text(format)),
      (message) => valueError(message),
    ),
  ),
];
