import { TemplateError } from '../../errors/index.ts';
import { type Position, place } from '../positions.ts';

/** A mistake in the syntax of a template, at `position` of its text. */
export const syntaxError = (message: string, position: Position, hint?: string): TemplateError =>
  place(new TemplateError('syntax', { message, hint }), position);
