import { Template, type Value, VaultText } from '../values/index.ts';

/** Whether a value is text that is still to be rendered. */
export const isTemplate = (value: Value | undefined): value is Template => value instanceof Template;

/** Whether a value is known only when the run is under way. */
export const isLate = (value: Value | undefined): boolean => value instanceof Template || value instanceof VaultText;
