import { Nothing, Template, tuple, Undefined, type Value, VaultText } from '../../values/index.ts';
import { noteUndefined } from '../positions.ts';
import { findMethod, getAttribute, getItem, setEntry, slice, templateError, truth } from '../python/index.ts';
import { KeptText, keptEntry, plain } from '../runtime/index.ts';
import { Attribute, type Node, nodes, Slice } from '../syntax/index.ts';
import { compileCall, compileFilter, compileKeptFilter, compileTest } from './calls.ts';
import { compileCapture } from './capture.ts';
import { clone } from './clone.ts';
import { type Evaluate, located } from './evaluate.ts';
import { compileCompare, operatorOf } from './operators.ts';
import { compileProvenance } from './provenance.ts';
import type { Part } from './unit.ts';

// Chains of operators may be as long as a file; what is compiled of them is as deep, and is called so.
const deepest = 900;
let depth = 0;

/** Compiles an expression. What it gives is never a kept text. Throws TemplateError for one that is nested too deeply. */
export const compileExpression = (node: Node, part: Part): Evaluate => {
  if (depth >= deepest) throw templateError('recursion', 'the expression is nested too deeply');
  depth++;
  try {
    return compileNode(node, part);
  } finally {
    depth--;
  }
};

const compileNode = (node: Node, part: Part): Evaluate => {
  if (node instanceof nodes.Literal) {
    const value = node.value as Value;
    if (part.rendersText && typeof value === 'string' && Template.needed(value)) {
      const template = new Template(value);
      return located(node, ({ context: { environment } }) =>
        environment.call.engine.render(template, environment.scope),
      );
    }
    return () => value;
  }
  if (node instanceof nodes.Symbol) {
    const evaluate = compileName(node, part);
    return (frame) => {
      const value = evaluate(frame);
      if (value instanceof VaultText) return value.decrypt();
      return value instanceof KeptText ? value.text : value;
    };
  }
  if (node instanceof Attribute) return compileAttribute(node, part);
  if (node instanceof nodes.LookupVal) return compileItem(node, part);
  if (node instanceof nodes.Filter) return compileFilter(node, part);
  if (node instanceof nodes.FunCall) {
    const call = compileCall(node, part);
    return (frame) => plain(call(frame));
  }
  if (node instanceof nodes.Is) return compileTest(node, part);
  if (node instanceof nodes.Compare) return compileCompare(node, part);
  if (node instanceof nodes.InlineIf) return compileInlineIf(node, part, compileExpression);
  if (node instanceof nodes.Or || node instanceof nodes.And) return compileLogic(node, part, compileExpression);
  if (node instanceof nodes.Not) {
    const target = compileExpression(node.target, part);
    return located(node, (frame) => !truth(target(frame)));
  }
  if (node instanceof nodes.Array) return compileList(node, part);
  if (node instanceof nodes.Group) {
    const items = node.children.map((child) => compileExpression(child, part));
    return (frame) => tuple(items.map((item) => item(frame)));
  }
  if (node instanceof nodes.Dict) return compileDict(node, part);
  if (node instanceof nodes.Capture) {
    const capture = compileCapture(node, part);
    return (frame) => plain(capture(frame));
  }
  const operator = operatorOf(node);
  if (operator !== undefined) return operator(part);
  throw new Error(`the expression ${node.typename} cannot be compiled`);
};

/** Compiles an expression for what looks at encrypted text itself: a variable that holds some is not decrypted. */
export const compileEncrypted = (node: Node, part: Part): Evaluate => {
  if (!(node instanceof nodes.Symbol)) return compileExpression(node, part);
  const evaluate = compileName(node, part);
  return (frame) => plain(evaluate(frame));
};

/** Compiles an expression that is put out or kept in a variable: what it gives may be a kept text. */
export const compileKept = (node: Node, part: Part): Evaluate => {
  if (node instanceof nodes.Symbol) return compileName(node, part);
  if (node instanceof nodes.Filter) return compileKeptFilter(node, part);
  if (node.constructor === nodes.FunCall) return compileCall(node as InstanceType<typeof nodes.FunCall>, part);
  if (node instanceof nodes.InlineIf) return compileInlineIf(node, part, compileKept);
  if (node instanceof nodes.Or || node instanceof nodes.And) return compileLogic(node, part, compileKept);
  if (node instanceof nodes.Capture) return compileCapture(node, part);
  if ((node instanceof Attribute && node.name !== '__class__') || node instanceof nodes.LookupVal)
    return compileKeptEntry(node, part);
  return compileExpression(node, part);
};

const compileName = (node: InstanceType<typeof nodes.Symbol>, part: Part): Evaluate => {
  const resolve = compileResolve(node.value, part);
  const position = { line: node.lineno, column: node.colno };
  return (frame) => {
    const value = resolve(frame);
    if (value instanceof Undefined) noteUndefined(value, position, frame.context);
    return value;
  };
};

const compileResolve = (name: string, { unit, level }: Part): Evaluate => {
  level.reads.add(name);
  unit.reads.add(name);
  const { mutates } = unit;
  const fromOutside: Evaluate = (frame) => {
    const own = frame.context.own(name);
    if (own !== undefined) return own;
    return mutates ? frame.copyOf(name, () => clone(frame.context.outer(name))) : frame.context.outer(name);
  };
  if (!unit.stores.has(name)) return fromOutside;
  return (frame) => {
    const value = frame.find(name);
    return value === undefined ? fromOutside(frame) : value;
  };
};

const compileAttribute = (node: Attribute, part: Part): Evaluate => {
  const { name } = node;
  const target = compileExpression(node.target, part);
  if (name === '__class__') {
    const typeOf = compileProvenance(node.target, part);
    const sourceText = getAttribute(new Template(''), name);
    return located(node, (frame) =>
      typeOf(frame) === 'AnsibleUnicode' ? sourceText : getAttribute(target(frame), name),
    );
  }
  const isMethodOfDict = findMethod(new Map(), name) !== undefined;
  return located(node, (frame) => {
    const value = target(frame);
    if (!isMethodOfDict && value instanceof Map) {
      const found = value.get(name);
      if (found !== undefined) return found;
    }
    return getAttribute(value, name);
  });
};

const compileItem = (node: InstanceType<typeof nodes.LookupVal>, part: Part): Evaluate => {
  const target = compileExpression(node.target, part);
  if (node.val instanceof Slice) {
    const [start, stop, step] = [node.val.start, node.val.stop, node.val.step].map((bound) =>
      bound === null ? () => null : compileExpression(bound, part),
    ) as [Evaluate, Evaluate, Evaluate];
    return located(node, (frame) => slice(target(frame), start(frame), stop(frame), step(frame)));
  }
  const key = compileExpression(node.val, part);
  return located(node, (frame) => getItem(target(frame), key(frame)));
};

const compileKeptEntry = (node: Attribute | InstanceType<typeof nodes.LookupVal>, part: Part): Evaluate => {
  if (node instanceof nodes.LookupVal && node.val instanceof Slice) return compileExpression(node, part);
  const target = compileExpression(node.target, part);
  const isAttribute = node instanceof Attribute;
  const key: Evaluate = isAttribute ? () => node.name : compileExpression(node.val, part);
  return located(node, (frame) => {
    const container = target(frame);
    const at = key(frame);
    return keptEntry(container, at, isAttribute ? getAttribute(container, node.name) : getItem(container, at));
  });
};

type Compile = (node: Node, part: Part) => Evaluate;

const compileInlineIf = (node: InstanceType<typeof nodes.InlineIf>, part: Part, compile: Compile): Evaluate => {
  const condition = compileExpression(node.cond, part);
  const body = compile(node.body, part);
  const otherwise =
    node.else_ === null
      ? () => new Nothing('the condition is false, and there is no else', 'if')
      : compile(node.else_, part);
  return located(node, (frame) => (truth(condition(frame)) ? body(frame) : otherwise(frame)));
};

const compileLogic = (node: InstanceType<typeof nodes.BinOp>, part: Part, compile: Compile): Evaluate => {
  const left = compile(node.left, part);
  const right = compile(node.right, part);
  const stopsAt = node instanceof nodes.Or;
  return located(node, (frame) => {
    const value = left(frame);
    return truth(plain(value)) === stopsAt ? value : right(frame);
  });
};

const compileList = (node: InstanceType<typeof nodes.Array>, part: Part): Evaluate => {
  const items = node.children.map((child) => compileExpression(child, part));
  return (frame) => items.map((item) => item(frame));
};

const compileDict = (node: InstanceType<typeof nodes.Dict>, part: Part): Evaluate => {
  const pairs = node.children.map(
    ({ key, value }) => [compileExpression(key, part), compileExpression(value, part)] as const,
  );
  return located(node, (frame) => {
    const map = new Map<Value, Value>();
    for (const [key, value] of pairs) setEntry(map, key(frame), value(frame));
    return map;
  });
};
