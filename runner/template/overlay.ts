import { type Dict, type TextType, textMark, type Value } from '../values/index.ts';
import type { Scope } from './types.ts';

/** A scope in which `vars` go before the variables of `scope`. */
export const overlay = (scope: Scope, vars: Dict): Scope => ({
  get: (name): Value | undefined => {
    const own = vars.get(name);
    return own === undefined ? scope.get(name) : own;
  },
  *names() {
    for (const name of vars.keys()) if (typeof name === 'string') yield name;
    for (const name of scope.names()) if (!vars.has(name)) yield name;
  },
  rendered: new Map(),
  host: scope.host,
  isFromHost: (name): boolean => !vars.has(name) && (scope.isFromHost?.(name) ?? false),
  textMark: (name): TextType | undefined => (vars.has(name) ? textMark(vars, name) : scope.textMark?.(name)),
});
