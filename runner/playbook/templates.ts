import { Template, type Value } from '../values/index.ts';

/** Whether a value is text that is still to be rendered. */
export const isTemplate = (value: Value | undefined): value is Template => value instanceof Template;
