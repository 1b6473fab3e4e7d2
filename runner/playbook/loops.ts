import type { Origin } from '../errors/index.ts';
import type { Dict, Value } from '../values/index.ts';
import { checkSettings } from './check-settings.ts';
import { loopControlKeywords } from './keywords.ts';
import type { LoadScope } from './scope.ts';
import type { Loop } from './tree.ts';
import { keyOriginOf } from './yaml/index.ts';

/** Whether a key of a task is `with_` and the name of a lookup. */
export const isLoop = (key: string, { loading }: LoadScope): boolean =>
  key.startsWith('with_') && loading.context.hasLookup(key.slice('with_'.length));

/** `loop`, or `with_<lookup>`. */
export const readLoop = (map: Dict, scope: LoadScope, origin: Origin): Loop | undefined => {
  const { loading } = scope;
  const keys = [...map.keys()].filter(
    (key): key is string => typeof key === 'string' && (key === 'loop' || key.startsWith('with_')),
  );
  const loops: Loop[] = [];
  for (const key of keys) {
    const value = map.get(key)!;
    const place = keyOriginOf(map, key) ?? origin;
    if (key !== 'loop' && !isLoop(key, scope)) continue;
    if (key !== 'loop' && value === null) {
      loading.report({ message: `'${key}' has no value`, origin: place, expected: 'what to loop over' });
    } else if (value !== null) loops.push({ lookup: key === 'loop' ? undefined : key.slice('with_'.length), value });
  }
  if (loops.length > 1) {
    loading.report({
      message: `the task has several loops: ${keys.map((key) => `'${key}'`).join(' and ')}`,
      origin: keyOriginOf(map, keys[1]!) ?? origin,
      expected: 'one loop in each task',
    });
  }
  return loops[0];
};

/** What `loop_control` holds. */
export const checkLoopControl = (
  control: Value | undefined,
  { loading }: LoadScope,
  origin: Origin | undefined,
): void => {
  if (control instanceof Map) checkSettings(loading, control, loopControlKeywords, 'setting of loop_control', origin);
};
