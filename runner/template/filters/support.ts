import { TemplateError } from '../../errors/index.ts';
import { PyObject, Tuple, textOf, toText, typeName, type Value } from '../../values/index.ts';
import { defined } from '../python/index.ts';

/** Ansible's AnsibleFilterError. */
export const filterError = (message: string, cause?: unknown): TemplateError =>
  new TemplateError('filter', message, { cause });

/** Jinja2's FilterArgumentError. */
export const argumentError = (message: string): TemplateError => new TemplateError('other', message);

/** Python's str() of an argument, with the error of what is undefined. */
export const text = (value: Value): string => (typeof value === 'string' ? value : toText(defined(value)));

/** Whether a value is text: of a source, a host or the vault. */
export const isText = (value: Value): boolean => textOf(value) !== undefined;

/** A list, but no tuple. */
export const isList = (value: Value): value is Value[] => Array.isArray(value) && !(value instanceof Tuple);

/** Runs `work`, turning what JavaScript throws into an error of the template. */
export const withErrors = <Made>(work: () => Made, wrap: (message: string, error: Error) => TemplateError): Made => {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateError || !(error instanceof Error)) throw error;
    throw wrap(error.message, error);
  }
};

/** Python's isinstance(value, Hashable). */
export const isHashable = (value: Value): boolean =>
  value === null ||
  typeof value !== 'object' ||
  value instanceof Tuple ||
  isText(value) ||
  !(Array.isArray(value) || value instanceof Map || value instanceof Set) ||
  value instanceof PyObject;

/** What Python says where a mapping was needed. */
export const noItems = (value: Value): TemplateError =>
  new TemplateError('attribute', `'${typeName(value)}' object has no attribute 'items'`);
