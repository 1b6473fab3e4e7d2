import { createRequire } from 'node:module';
import { type Json, type Result, toJson, toValue, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { filterError, text } from './support.ts';

const require = createRequire(import.meta.url);

// Few playbooks use it: the library is loaded by the first that does.
const search = (data: Value, expression: string): Value => {
  const jmespath = require('@jmespath-community/jmespath') as typeof import('@jmespath-community/jmespath');
  try {
    return toValue(jmespath.search(toJson(data), expression) as Json as Result);
  } catch (error) {
    throw filterError(`JMESPathError in json_query filter plugin:\n${(error as Error).message}`, error);
  }
};

/** The filter of community.general that asks a structure by a JMESPath expression. */
export const jsonQuery: readonly Filter[] = [
  defineFilter('json_query community.general.json_query', 'data, expr', (_, data, expression) =>
    search(data, text(expression)),
  ),
];
