import { localFields, strftime, strptime, typeName, utcFields, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { defined, realOf, templateError, truth, typeError, valueError } from '../python/index.ts';
import { readFloat } from './read-number.ts';
import { filterError, isText, text, withErrors } from './support.ts';

const formatTime = (format: string, second: Value, utc: boolean): string => {
  const seconds = second === null ? Date.now() / 1000 : isText(second) ? readFloat(text(second)) : realOf(second);
  if (seconds === undefined) throw filterError(`Invalid value for epoch value (${text(second)})`);
  if (Number.isNaN(seconds)) throw valueError('Invalid value NaN (not a number)');
  // More than a calendar has room for.
  if (!(Math.abs(seconds) <= 8.64e12)) throw templateError('other', 'timestamp out of range for platform time_t');
  const fields = utc ? utcFields(seconds) : localFields(seconds);
  // Python's gmtime calls its zone by the older name.
  return strftime(format, utc ? { ...fields, zone: 'GMT' } : fields);
};

// Only text will do.
const textGiven = (called: string, place: number, value: Value): string => {
  if (isText(defined(value))) return text(value);
  throw typeError(`${called}() argument ${place} must be str, not ${value === null ? 'None' : typeName(value)}`);
};

/** Ansible's filters of dates. */
export const time: readonly Filter[] = [
  defineFilter('strftime', 'string_format, second=None, utc=False', (_, format, second, utc) =>
    formatTime(textGiven('strftime', 1, format), second, truth(utc)),
  ),
  defineFilter('to_datetime', 'string, format="%Y-%m-%d %H:%M:%S"', (_, value, format) =>
    withErrors(
      () => strptime(textGiven('strptime', 1, value), textGiven('strptime', 2, format)),
      (message) => valueError(message),
    ),
  ),
];
