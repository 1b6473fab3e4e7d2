import { keywords } from '../playbook/index.ts';
import type { Scope } from '../template/types.ts';
import type { RunContext } from './context.ts';

/** Warns of variables that are called like keywords, or like what every template has: those that write them are often surprised. */
export const warnOfReservedNames = (context: RunContext, scope: Scope): void => {
  for (const name of scope.names()) {
    const isReserved = name !== 'vars' && (Object.hasOwn(keywords, name) || context.templar.globals.has(name));
    if (isReserved) context.warn(`Found variable using reserved name: ${name}`);
  }
};
