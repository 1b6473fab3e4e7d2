import { Undefined, type Value } from '../../values/index.ts';
import { callFunction, invoke } from '../invoke.ts';
import { callMethod, findMethod, getAttribute, getItem } from '../python/index.ts';
import { type Frame, KeptText, plain } from '../runtime/index.ts';
import { Attribute, type Node, nodes, unknownName } from '../syntax/index.ts';
import { type Arguments, compileArguments } from './arguments.ts';
import { type Evaluate, located } from './evaluate.ts';
import { compileEncrypted, compileExpression, compileKept } from './expressions.ts';
import { compileProvenance } from './provenance.ts';
import type { Part } from './unit.ts';

/** Compiles `callee(…)`. What it gives may be a kept text. */
export const compileCall = (node: InstanceType<typeof nodes.FunCall>, part: Part): Evaluate => {
  const { children } = node.args;
  // Ansible renders the terms of lookups once more; only what a source says is, never what a variable holds.
  const isLookup = node.name instanceof nodes.Symbol && lookupNames.has(node.name.value);
  const args = compileArguments(children, isLookup ? { ...part, rendersText: true } : part);
  return located(node, compileCallWith(node.name, args, part));
};

const lookupNames = new Set(['lookup', 'query', 'q']);

/** Compiles a call with arguments that were compiled already. */
export const compileCallWith = (callee: Node, { positional, keywords }: Arguments, part: Part): Evaluate => {
  if (callee instanceof Attribute) {
    const { name } = callee;
    const target = compileExpression(callee.target, part);
    return (frame) => {
      const self = target(frame);
      const method = findMethod(self, name);
      if (method !== undefined) return callMethod(method, self, positional(frame), keywords(frame));
      return call(getAttribute(self, name), frame, positional, keywords);
    };
  }
  if (callee instanceof nodes.LookupVal) {
    const target = compileExpression(callee.target, part);
    const key = compileExpression(callee.val, part);
    return (frame) => call(getItem(target(frame), key(frame)), frame, positional, keywords);
  }
  const evaluate = compileExpression(callee, part);
  return (frame) => call(evaluate(frame), frame, positional, keywords);
};

const call = (
  callee: Value,
  frame: Frame,
  positional: Arguments['positional'],
  keywords: Arguments['keywords'],
): Value => {
  // What is missing is named before the arguments are looked at.
  if (callee instanceof Undefined) throw callee.error();
  return callFunction(callee, positional(frame), keywords(frame), frame.context.environment.call);
};

// Ansible's STRING_TYPE_FILTERS: what they return stays text.
const textFilters = new Set(['string', 'to_json', 'to_nice_json', 'to_yaml', 'to_nice_yaml', 'ppretty', 'json']);

// These look at encrypted text itself.
const encryptedNames = /^(?:ansible\.builtin\.)?(?:unvault|vault_encrypted|type_debug)$/;

const compileInput = (name: string, node: Node, part: Part): Evaluate =>
  encryptedNames.test(name) ? compileEncrypted(node, part) : compileExpression(node, part);

const escapes = new Set(['e', 'escape']);

// What these return is Jinja2's Markup, which is not escaped once more.
const markups = new Set([...escapes, 'forceescape', 'safe', 'tojson', 'urlize', 'xmlattr']);
const isMarkup = (node: Node): boolean => node instanceof nodes.Filter && markups.has(node.name.value);

/** Compiles `value | filter(…)`. */
export const compileFilter = (node: InstanceType<typeof nodes.Filter>, part: Part): Evaluate => {
  const [target, ...rest] = node.args.children;
  if (escapes.has(node.name.value) && isMarkup(target!)) return compileExpression(target!, part);
  const filter = compileFilterOf(compileInput(node.name.value, target!, part), node, rest, part);
  return /^(?:ansible\.builtin\.)?type_debug$/.test(node.name.value) ? compileTypeDebug(target!, filter, part) : filter;
};

// Ansible has types of text that are one type here.
const compileTypeDebug = (target: Node, filter: Evaluate, part: Part): Evaluate => {
  const kept = compileKept(target, part);
  const typeOf = compileProvenance(target, part);
  return (frame) => {
    const name = filter(frame);
    if (name !== 'str') return name;
    const type = typeOf(frame);
    if (type !== undefined) return type === 'Template' ? 'AnsibleUnicode' : type;
    const value = kept(frame);
    return value instanceof KeptText ? value.typeName : name;
  };
};

const compileFilterOf = (
  target: Evaluate,
  node: InstanceType<typeof nodes.Filter>,
  rest: readonly Node[],
  part: Part,
): Evaluate => {
  const { registry } = part.unit;
  const name = node.name.value;
  const filter = registry.filter(name);
  if (filter === undefined) throw unknownName('filter', node.name, name, registry.filterNames());
  const { positional, keywords } = compileArguments(rest, part);
  return located(node, (frame) => {
    const value = target(frame);
    return invoke(name, filter, value, positional(frame), keywords(frame), frame.context.environment.call);
  });
};

/** Compiles `value | filter(…)` where the result may be a kept text. */
export const compileKeptFilter = (node: InstanceType<typeof nodes.Filter>, part: Part): Evaluate => {
  const name = node.name.value;
  if (textFilters.has(name)) {
    const filter = compileFilter(node, part);
    return (frame) => {
      const result = filter(frame);
      return typeof result === 'string' ? new KeptText(result) : result;
    };
  }
  if (name !== 'default' && name !== 'd') return compileFilter(node, part);
  // What has a value comes out as it went in.
  const [target, ...rest] = node.args.children;
  const kept = compileKept(target!, part);
  let value: Value = null;
  const filter = compileFilterOf(() => plain(value), node, rest, part);
  const [alternative] = rest;
  const isKeptAlternative = alternative instanceof nodes.Filter && textFilters.has(alternative.name.value);
  return (frame) => {
    const input = kept(frame);
    value = input;
    const result = filter(frame);
    if (isKeptAlternative && typeof result === 'string' && result !== plain(input)) return new KeptText(result);
    return input instanceof KeptText && result === input.text ? input : result;
  };
};

/** Compiles `value is test(…)`. */
export const compileTest = (node: InstanceType<typeof nodes.Is>, part: Part): Evaluate => {
  const { registry } = part.unit;
  const nameNode = node.right.name as InstanceType<typeof nodes.Symbol>;
  const name = nameNode.value;
  const test = registry.test(name);
  if (test === undefined) throw unknownName('test', nameNode, name, registry.testNames());
  const target = compileInput(name, node.left, part);
  const { positional, keywords } = compileArguments(node.right.args.children, part);
  return located(node.right, (frame) => {
    const value = target(frame);
    return invoke(name, test, value, positional(frame), keywords(frame), frame.context.environment.call);
  });
};
