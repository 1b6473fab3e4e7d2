// What Python's operators, methods and formats do with values.
export * from './access.ts';
export * from './arithmetic.ts';
export * from './comparison.ts';
export * from './decimals.ts';
export * from './errors.ts';
export * from './format-spec.ts';
export * from './integers.ts';
export * from './literal.ts';
export { addEntries } from './methods/dict.ts';
export { callMethod, findMethod, isMutating } from './methods/index.ts';
export { capitalize, titleCase } from './methods/text-case.ts';
export { split, splitLines } from './methods/text-split.ts';
export * from './percent-format.ts';
export { powerFloat } from './powers.ts';
export * from './sequences.ts';
export * from './slices.ts';
export * from './text-format.ts';
