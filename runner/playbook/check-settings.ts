import { didYouMean, type Origin } from '../errors/index.ts';
import { type Dict, toText } from '../values/index.ts';
import { kindOf, misfit } from './check-value.ts';
import type { SettingTypes } from './keywords.ts';
import type { Loading } from './loading.ts';
import { keyOriginOf, originOf } from './yaml/index.ts';

/** Reports what a mapping of settings holds that has no such name or type; `what` ends "'x' is not a". */
export const checkSettings = (
  loading: Loading,
  map: Dict,
  types: SettingTypes,
  what: string,
  origin: Origin | undefined,
): void => {
  for (const [key, value] of map) {
    const name = toText(key);
    const known = Object.hasOwn(types, name) ? types[name] : undefined;
    if (known === undefined) {
      loading.report({
        message: `'${name}' is not a ${what}`,
        origin: keyOriginOf(map, key) ?? origin,
        hint: didYouMean(name, Object.keys(types)),
      });
      continue;
    }
    const expected = misfit(known.type, value);
    if (expected) {
      loading.report({ message: `'${name}' is ${kindOf(value)}`, origin: originOf(map, key) ?? origin, expected });
    }
  }
};
