import { type Dict, Template, type TextType, textMark, type Value } from '../../values/index.ts';
import type { Frame } from '../runtime/index.ts';
import { singleVariable } from '../source-text.ts';
import { Attribute, type Node, nodes } from '../syntax/index.ts';
import type { Evaluate } from './evaluate.ts';
import { compileExpression } from './expressions.ts';
import type { Part } from './unit.ts';

/** A stored value, and what type its text has to Ansible. */
interface Stored {
  readonly value: Value;
  readonly type: TextType;
}

type Find = (frame: Frame) => Stored | undefined;

/**
 * The type that Ansible has for the text that an expression refers to, which `type_debug` and `__class__` show;
 * undefined for what is computed, and what is no text.
 */
export const compileProvenance = (node: Node, part: Part): ((frame: Frame) => TextType | undefined) => {
  const find = compileFind(node, part);
  return (frame) => {
    const found = find(frame);
    return typeof found?.value === 'string' ? found.type : undefined;
  };
};

// The stored value behind an expression that only refers to one.
const compileFind = (node: Node, part: Part): Find => {
  if (node instanceof nodes.Symbol)
    return (frame) => (frame.find(node.value) ? undefined : variable(node.value, frame));
  if (node instanceof Attribute) {
    const target = compileFind(node.target, part);
    return (frame) => entry(target(frame), node.name);
  }
  if (node instanceof nodes.LookupVal) {
    const target = compileFind(node.target, part);
    const key: Evaluate = node.val instanceof nodes.Literal ? compileExpression(node.val, part) : () => null;
    return (frame) => entry(target(frame), key(frame));
  }
  if (node instanceof nodes.Array) {
    const items = node.children.map((child) => compileFind(child, part));
    return (frame) => ({ value: items.map((item) => item(frame)?.value ?? null), type: 'AnsibleUnicode' });
  }
  if (node instanceof nodes.Filter && (node.name.value === 'first' || node.name.value === 'last')) {
    const target = compileFind(node.args.children[0]!, part);
    const index = node.name.value === 'first' ? 0 : -1;
    return (frame) => entry(target(frame), index);
  }
  return () => undefined;
};

const variable = (name: string, frame: Frame, seen: readonly string[] = []): Stored | undefined => {
  const { scope } = frame.context.environment;
  const value = scope.get(name);
  if (value === undefined) return undefined;
  if (value instanceof Template) {
    const reference = singleVariable(value.source);
    return reference === undefined || seen.includes(reference)
      ? undefined
      : variable(reference, frame, [...seen, name]);
  }
  const noted = scope.textMark?.(name);
  return { value, type: noted ?? (scope.isFromHost?.(name) ? 'AnsibleUnsafeText' : 'AnsibleUnicode') };
};

const entry = (container: Stored | undefined, key: Value): Stored | undefined => {
  if (container === undefined) return undefined;
  const { value: from } = container;
  const value = from instanceof Map ? from.get(key) : entryOfList(from, key);
  if (value === undefined || value instanceof Template) return undefined;
  // Facts that a result tells were set on the controller, or are what the host said as variables of their own.
  const inherited = key === 'ansible_facts' ? 'AnsibleUnicode' : container.type;
  return { value, type: textMark(from as Dict | Value[], key) ?? inherited };
};

const entryOfList = (list: Value, key: Value): Value | undefined =>
  Array.isArray(list) && typeof key === 'number' ? list.at(key) : undefined;
