import type { Module } from '../../modules/index.ts';
import type { ResultObject } from '../../values/index.ts';

const known = new WeakMap<Module, readonly string[]>();

/** Keeps out of everything that is shown what a module is given as arguments that it calls secret. */
export const hideSecretArguments = (module: Module, values: ResultObject, hide: (text: string) => void): void => {
  let names = known.get(module);
  if (!names) {
    names = Object.keys(module.args).filter((name) => module.args[name]!.secret);
    known.set(module, names);
  }
  for (const name of names) {
    const value = values[name];
    if (typeof value === 'string') hide(value);
  }
};
