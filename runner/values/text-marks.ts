import { LazyDict, Template } from './objects.ts';
import type { Value } from './types.ts';

/** What Ansible has types of its own for, and is plain text here. */
export type TextType = 'str' | 'AnsibleUnicode' | 'AnsibleUnsafeText' | KeptType;

/**
 * Types of text that stays text even where it looks like a list or a dict. `Template` is one of a source file that could
 * not be rendered where it was read.
 */
export type KeptType = 'NativeJinjaText' | 'NativeJinjaUnsafeText' | 'Template';

// Beside the text, since text is a primitive: what holds it knows its type.
const marks = new WeakMap<object, Map<Value, TextType>>();

let anyTemplates = false;

/** Notes which type the text at `key` of a list or mapping has to Ansible; `undefined` forgets it. */
export const markText = (container: object, key: Value, type: TextType | undefined): void => {
  const known = marks.get(container);
  anyTemplates ||= type === 'Template';
  if (type === undefined) known?.delete(key);
  else if (known) known.set(key, type);
  else marks.set(container, new Map([[key, type]]));
};

/** What was noted of the text at `key` of a list or mapping. */
export const textMark = (container: object, key: Value): TextType | undefined => marks.get(container)?.get(key);

/** All that was noted of the texts in a list or mapping. */
export const textMarks = (container: object): ReadonlyMap<Value, TextType> | undefined => marks.get(container);

/** Notes for a copy what is known of the entries that it has in common with the original. */
export const copyTextMarks = (from: object, to: object): void => {
  for (const [key, type] of marks.get(from) ?? []) markText(to, key, type);
};

/** The texts in a container that stay text even where they look like a list or a dict. */
export const keptTexts = (container: object): ReadonlyMap<Value, TextType> =>
  new Map([...(marks.get(container) ?? [])].filter(([, type]) => staysText(type)));

/** Whether text of this type stays text even where it looks like a list or a dict. */
export const staysText = (type: TextType | undefined): type is KeptType =>
  type === 'NativeJinjaText' || type === 'NativeJinjaUnsafeText' || type === 'Template';

/** A value in which those texts are templates again that could not be rendered where they were read. */
export const withTemplates = (value: Value): Value => {
  if (!anyTemplates || typeof value !== 'object' || value === null || value instanceof LazyDict) return value;
  const revive = (item: Value, key: Value): Value =>
    typeof item === 'string' && textMark(value, key) === 'Template' ? new Template(item) : withTemplates(item);
  if (Array.isArray(value))
    return value.some((item, index) => revive(item, index) !== item) ? value.map(revive) : value;
  if (!(value instanceof Map) || ![...value].some(([key, item]) => revive(item, key) !== item)) return value;
  const copy = new Map([...value].map(([key, item]) => [key, revive(item, key)]));
  copyTextMarks(value, copy);
  return copy;
};
