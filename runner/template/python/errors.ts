import { TemplateError, type TemplateErrorKind } from '../../errors/index.ts';
import { Nothing, Undefined, type Value } from '../../values/index.ts';

/** Python's TypeError. */
export const typeError = (message: string): TemplateError => new TemplateError('type', message);

/** Python's ValueError. */
export const valueError = (message: string): TemplateError => new TemplateError('value', message);

/** An error of any other kind. */
export const templateError = (kind: TemplateErrorKind, message: string, hint?: string): TemplateError =>
  new TemplateError(kind, { message, hint });

/** Raises the error of an operand that is undefined in any way: no operator works on it. */
export const checkOperands = (...operands: readonly Value[]): void => {
  for (const operand of operands) if (operand instanceof Undefined) throw operand.error();
};

/** The value itself, unless it is undefined: then its error is raised. */
export const defined = (value: Value): Value => {
  if (value instanceof Undefined && !(value instanceof Nothing)) throw value.error();
  return value;
};
