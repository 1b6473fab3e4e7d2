import { isEqual, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { isText, text } from './support.ts';

const trueWords = new Set(['yes', 'on', '1', 'true']);

/** Ansible's filter that reads a word such as `yes` as a boolean. */
export const booleans: readonly Filter[] = [
  defineFilter('bool', 'a', (_, value: Value) => {
    if (value === null || typeof value === 'boolean') return value;
    return isText(value) ? trueWords.has(text(value).toLowerCase()) : isEqual(value, 1);
  }),
];
