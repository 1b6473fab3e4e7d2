import { LazyDict, Template, Tuple, type Value, VaultText, View } from '../values/index.ts';
import { stored } from './runtime/index.ts';

type RenderLeaf = (leaf: Template | VaultText, isTop: boolean) => Value;

/** A value with all Templates and vault texts in it rendered. What holds none of them comes back as it is. */
export const renderDeep = (value: Value, renderLeaf: RenderLeaf, isTop = true): Value => {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Template || value instanceof VaultText) return renderLeaf(value, isTop);
  if (Array.isArray(value))
    return value instanceof View || value instanceof Tuple ? value : renderList(value, renderLeaf);
  return value instanceof Map && !(value instanceof LazyDict) ? renderMap(value, renderLeaf) : value;
};

const renderList = (list: Value[], renderLeaf: RenderLeaf): Value => {
  let copy: Value[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index]!;
    const rendered = renderDeep(item, renderLeaf, false);
    if (rendered === item) continue;
    copy ??= [...list];
    copy[index] = stored(rendered, copy, index);
  }
  return copy ?? list;
};

const renderMap = (map: Map<Value, Value>, renderLeaf: RenderLeaf): Value => {
  const copy = new Map<Value, Value>();
  let isSame = true;
  for (const [key, item] of map) {
    const rendered = renderDeep(item, renderLeaf, false);
    // Keys are never rendered.
    const name = key instanceof Template ? key.source : key instanceof VaultText ? key.decrypt() : key;
    if (rendered !== item || name !== key) isSame = false;
    copy.set(name, stored(rendered, copy, name));
  }
  return isSame ? map : copy;
};
