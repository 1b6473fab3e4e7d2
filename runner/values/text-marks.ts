import type { Value } from './types.ts';

/** What Ansible has types of its own for, and is plain text here. */
export type TextType = 'str' | 'AnsibleUnicode' | 'AnsibleUnsafeText' | 'NativeJinjaText' | 'NativeJinjaUnsafeText';

// Beside the text, since text is a primitive: what holds it knows its type.
const marks = new WeakMap<object, Map<Value, TextType>>();

/** Notes which type the text at `key` of a list or mapping has to Ansible; `undefined` forgets it. */
export const markText = (container: object, key: Value, type: TextType | undefined): void => {
  const known = marks.get(container);
  if (type === undefined) known?.delete(key);
  else if (known) known.set(key, type);
  else marks.set(container, new Map([[key, type]]));
};

/** What was noted of the text at `key` of a list or mapping. */
export const textMark = (container: object, key: Value): TextType | undefined => marks.get(container)?.get(key);

/** Notes for a copy what is known of the entries that it has in common with the original. */
export const copyTextMarks = (from: object, to: object): void => {
  for (const [key, type] of marks.get(from) ?? []) markText(to, key, type);
};

/** The texts in a container that stay text even where they look like a list or a dict. */
export const keptTexts = (container: object): ReadonlyMap<Value, TextType> =>
  new Map([...(marks.get(container) ?? [])].filter(([, type]) => staysText(type)));

/** Whether text of this type stays text even where it looks like a list or a dict. */
export const staysText = (type: TextType | undefined): type is 'NativeJinjaText' | 'NativeJinjaUnsafeText' =>
  type === 'NativeJinjaText' || type === 'NativeJinjaUnsafeText';
