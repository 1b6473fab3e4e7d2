import { defaultSyntax, type Syntax } from './syntax/index.ts';
import type { RenderFileOptions } from './types.ts';

const known = new Map<string, Syntax>();

/** The one object for a syntax, since compiled templates are kept by it. */
export const sharedSyntax = (changes: Partial<Syntax>): Syntax => {
  const syntax = { ...defaultSyntax, ...changes };
  const key = JSON.stringify(syntax);
  const same = known.get(key);
  if (same !== undefined) return same;
  known.set(key, syntax);
  return syntax;
};

/** The syntax of a template file. */
export const fileSyntax = (options: RenderFileOptions, extensions: readonly string[]): Syntax => {
  const given: Partial<Syntax> = {
    extensions,
    ...present('trimBlocks', options.trimBlocks),
    ...present('lstripBlocks', options.lstripBlocks),
    ...present('keepTrailingNewline', options.keepTrailingNewline),
    ...present('newlineSequence', options.newlineSequence),
    ...present('variableStart', options.variableStart),
    ...present('variableEnd', options.variableEnd),
    ...present('blockStart', options.blockStart),
    ...present('blockEnd', options.blockEnd),
    ...present('commentStart', options.commentStart),
    ...present('commentEnd', options.commentEnd),
  };
  return sharedSyntax(given);
};

const present = <Name extends keyof Syntax>(name: Name, value: Syntax[Name] | undefined): Partial<Syntax> =>
  value === undefined ? {} : { [name]: value };
