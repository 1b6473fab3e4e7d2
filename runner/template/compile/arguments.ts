import { type Dict, toText, type Value } from '../../values/index.ts';
import { iterate, typeError } from '../python/index.ts';
import type { Frame } from '../runtime/index.ts';
import { type Node, nodes, Spread } from '../syntax/index.ts';
import type { Evaluate } from './evaluate.ts';
import { compileExpression } from './expressions.ts';
import type { Part } from './unit.ts';

/** The arguments of a call, compiled. */
export interface Arguments {
  readonly positional: (frame: Frame) => Value[];
  readonly keywords: (frame: Frame) => Dict;
}

const noKeywords: Dict = new Map();

/** Compiles the arguments of a call. Callees must not change the keywords that they get. */
export const compileArguments = (children: readonly Node[], part: Part): Arguments => {
  const positional: Evaluate[] = [];
  const pairs: (readonly [string, Evaluate])[] = [];
  let list: Evaluate | undefined;
  let dict: Evaluate | undefined;
  for (const child of children) {
    if (child instanceof nodes.KeywordArgs) {
      for (const { key, value } of child.children) {
        pairs.push([(key as InstanceType<typeof nodes.Literal>).value as string, compileExpression(value, part)]);
      }
    } else if (child instanceof Spread) {
      const value = compileExpression(child.value, part);
      if (child.type === '*') list = value;
      else dict = value;
    } else positional.push(compileExpression(child, part));
  }
  return {
    positional:
      list === undefined
        ? (frame) => positional.map((argument) => argument(frame))
        : (frame) => [...positional.map((argument) => argument(frame)), ...iterate(list(frame))],
    keywords: pairs.length === 0 && dict === undefined ? () => noKeywords : (frame) => keywordsOf(pairs, dict, frame),
  };
};

const keywordsOf = (
  pairs: readonly (readonly [string, Evaluate])[],
  dict: Evaluate | undefined,
  frame: Frame,
): Dict => {
  const keywords: Dict = new Map();
  const set = (name: string, value: Value): void => {
    if (keywords.has(name)) throw typeError(`got multiple values for keyword argument '${name}'`);
    keywords.set(name, value);
  };
  for (const [name, value] of pairs) set(name, value(frame));
  if (dict !== undefined) {
    const more = dict(frame);
    if (!(more instanceof Map)) throw typeError('argument after ** must be a mapping');
    for (const [name, value] of more) {
      if (typeof name !== 'string') throw typeError(`keywords must be strings, not ${toText(name)}`);
      set(name, value);
    }
  }
  return keywords;
};
