import { TemplateError } from '../errors/index.ts';
import { staysText, Undefined, type Value } from '../values/index.ts';
import { KeptText, stored } from './runtime/index.ts';
import type { Scope } from './types.ts';

// The variables of each scope that are being rendered, outermost first.
const inProgress = new WeakMap<Scope, string[]>();

/**
 * A variable, rendered by `render` when it is first used. One that cannot be because something is undefined is
 * undefined itself, so that `default` and `is defined` work on it. One that needs itself is an error.
 */
export const resolveVariable = (name: string, scope: Scope, render: (value: Value) => Value): Value | undefined => {
  const raw = scope.get(name);
  if (raw === undefined) return undefined;
  const value = renderOnce(name, scope, raw, render);
  // Whoever reads what was rendered sees plain values.
  scope.rendered.set(name, stored(value, scope.rendered, name));
  return value;
};

const renderOnce = (name: string, scope: Scope, raw: Value, render: (value: Value) => Value): Value => {
  if (typeof raw === 'string') {
    const type = scope.textMark?.(name);
    return staysText(type) ? new KeptText(raw, type) : raw;
  }
  if (raw === null || typeof raw !== 'object') return raw;
  const stack = inProgress.get(scope) ?? [];
  if (stack.includes(name)) {
    const loop = [...stack.slice(stack.indexOf(name)), name].join(' -> ');
    throw new TemplateError('recursion', {
      message: `the variable '${name}' is defined by itself: ${loop}`,
      hint: 'give one of them another name',
    });
  }
  inProgress.set(scope, [...stack, name]);
  try {
    return render(raw);
  } catch (error) {
    if (!(error instanceof TemplateError) || error.kind !== 'undefined') throw error;
    const [problem] = error.problems;
    return new Undefined(`${error.message}, in the variable '${name}'`, name, [], problem?.origin);
  } finally {
    inProgress.set(scope, stack);
  }
};
