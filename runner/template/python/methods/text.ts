import { defineMethods, type Methods } from './method.ts';
import { caseMethods } from './text-case.ts';
import { searchMethods } from './text-search.ts';
import { shapeMethods } from './text-shape.ts';
import { splitMethods } from './text-split.ts';

/** Methods of str. */
export const textMethods: Methods = new Map([
  ...defineMethods<string>(caseMethods),
  ...defineMethods<string>(searchMethods),
  ...defineMethods<string>(shapeMethods),
  ...defineMethods<string>(splitMethods),
]);
