import type { TemplateError } from '../errors/index.ts';
import { templateError } from './python/errors.ts';

/** JavaScript's errors for what no template can mean to do, as errors for people. Gives any other error back. */
export const asTooMuch = (error: unknown): TemplateError | unknown => {
  // An expression is compiled when it is used.
  if (error instanceof SyntaxError && /regular expression/.test(error.message)) {
    return templateError('value', 'the regular expression is too large');
  }
  if (!(error instanceof RangeError)) return error;
  if (/call stack/.test(error.message)) {
    return templateError('recursion', 'the template, or what it works on, is nested too deeply');
  }
  return templateError('value', 'the template makes something that is too large');
};
