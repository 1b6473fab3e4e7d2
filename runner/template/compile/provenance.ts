import { Template, type Value } from '../../values/index.ts';
import type { Frame } from '../runtime/index.ts';
import { singleVariable } from '../source-text.ts';
import { Attribute, type Node, nodes } from '../syntax/index.ts';
import type { Evaluate } from './evaluate.ts';
import { compileExpression } from './expressions.ts';
import type { Part } from './unit.ts';

type Raw = (frame: Frame) => Value | undefined;

/**
 * Whether the text that an expression gives is one of a source file, untouched: to Ansible that is a type of its own,
 * which `type_debug` and `__class__` show.
 */
export const compileProvenance = (node: Node, part: Part): ((frame: Frame) => boolean) => {
  const raw = compileRaw(node, part);
  return (frame) => typeof raw(frame) === 'string';
};

// The stored value behind an expression that only refers to one; undefined for what is computed.
const compileRaw = (node: Node, part: Part): Raw => {
  if (node instanceof nodes.Symbol) return (frame) => (frame.find(node.value) ? undefined : stored(node.value, frame));
  if (node instanceof Attribute) {
    const target = compileRaw(node.target, part);
    return (frame) => entry(target(frame), node.name);
  }
  if (node instanceof nodes.LookupVal) {
    const target = compileRaw(node.target, part);
    const key: Evaluate = node.val instanceof nodes.Literal ? compileExpression(node.val, part) : () => null;
    return (frame) => entry(target(frame), key(frame));
  }
  if (node instanceof nodes.Array) {
    const items = node.children.map((child) => compileRaw(child, part));
    return (frame) => items.map((item) => item(frame) ?? null);
  }
  if (node instanceof nodes.Filter && (node.name.value === 'first' || node.name.value === 'last')) {
    const target = compileRaw(node.args.children[0]!, part);
    const index = node.name.value === 'first' ? 0 : -1;
    return (frame) => entry(target(frame), index);
  }
  return () => undefined;
};

const stored = (name: string, frame: Frame, seen: readonly string[] = []): Value | undefined => {
  const raw = frame.context.environment.scope.get(name);
  if (!(raw instanceof Template)) return raw;
  const reference = singleVariable(raw.source);
  return reference === undefined || seen.includes(reference) ? undefined : stored(reference, frame, [...seen, name]);
};

const entry = (container: Value | undefined, key: Value): Value | undefined => {
  if (container instanceof Map) return container.get(key);
  return Array.isArray(container) && typeof key === 'number' ? container.at(key) : undefined;
};
