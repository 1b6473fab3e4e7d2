import { Template, textOf, type Value } from '../../values/index.ts';
import { parseDuration } from '../timing/index.ts';

/** A list of texts, where one alone stands for itself. */
export const listOf = (value: Value | undefined): string[] =>
  value === undefined ? [] : (Array.isArray(value) ? value : [value]).map((one) => sourceOf(one));

/** The text of a value; templates are told of elsewhere. */
export const sourceOf = (value: Value): string =>
  value instanceof Template ? value.source : (textOf(value) ?? String(value));

/** Milliseconds; a number alone means seconds. The schema has seen to it that it is one. */
export const durationOf = (value: Value | undefined): number | undefined =>
  value === undefined ? undefined : parseDuration(String(value), 's');
