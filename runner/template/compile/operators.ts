import type { Value } from '../../values/index.ts';
import {
  add,
  concatenate,
  divide,
  equals,
  floorDivide,
  isIn,
  isOrdered,
  modulo,
  multiply,
  negate,
  positive,
  power,
  subtract,
} from '../python/index.ts';
import { type Node, nodes } from '../syntax/index.ts';
import { type Evaluate, located } from './evaluate.ts';
import { compileExpression } from './expressions.ts';
import type { Part } from './unit.ts';

type Binary = (left: Value, right: Value) => Value;

const binaries = new Map<unknown, Binary>([
  [nodes.Add, add],
  [nodes.Sub, subtract],
  [nodes.Mul, multiply],
  [nodes.Div, divide],
  [nodes.FloorDiv, floorDivide],
  [nodes.Mod, modulo],
  [nodes.Pow, power],
  [nodes.Concat, concatenate],
]);

const unaries = new Map<unknown, (value: Value) => Value>([
  [nodes.Neg, negate],
  [nodes.Pos, positive],
]);

const comparisons: Readonly<Record<string, (left: Value, right: Value) => boolean>> = {
  '==': equals,
  '!=': (left, right) => !equals(left, right),
  '<': (left, right) => isOrdered('<', left, right),
  '<=': (left, right) => isOrdered('<=', left, right),
  '>': (left, right) => isOrdered('>', left, right),
  '>=': (left, right) => isOrdered('>=', left, right),
  in: isIn,
  'not in': (left, right) => !isIn(left, right),
};

const isConstant = (node: Node): boolean => {
  if (node instanceof nodes.Literal) return true;
  if (unaries.has(node.constructor)) return isConstant((node as InstanceType<typeof nodes.Neg>).target);
  if (!binaries.has(node.constructor)) return false;
  const { left, right } = node as InstanceType<typeof nodes.BinOp>;
  return isConstant(left) && isConstant(right);
};

// Jinja2 writes a negative constant into Python's source as it is, where `-2 ** n` means `-(2 ** n)`.
const powerOfNegative = (base: Value, exponent: Value): Value => negate(power(negate(base), exponent));

/** The compiler of an arithmetic node; undefined for any other node. */
export const operatorOf = (node: Node): ((part: Part) => Evaluate) | undefined => {
  const binary = binaries.get(node.constructor);
  if (binary !== undefined) {
    const { left, right } = node as InstanceType<typeof nodes.BinOp>;
    return (part) => {
      const first = compileExpression(left, part);
      const second = compileExpression(right, part);
      if (binary === power && left instanceof nodes.Neg && isConstant(left) && !isConstant(right))
        return located(node, (frame) => powerOfNegative(first(frame), second(frame)));
      return located(node, (frame) => binary(first(frame), second(frame)));
    };
  }
  const unary = unaries.get(node.constructor);
  if (unary === undefined) return undefined;
  return (part) => {
    const target = compileExpression((node as InstanceType<typeof nodes.Neg>).target, part);
    return located(node, (frame) => unary(target(frame)));
  };
};

/** Compiles `a < b <= c`: each value is computed once, and no further than to the first comparison that fails. */
export const compileCompare = (node: InstanceType<typeof nodes.Compare>, part: Part): Evaluate => {
  const first = compileExpression(node.expr, part);
  const steps = node.ops.map(({ expr, type }) => ({
    holds: comparisons[type]!,
    operand: compileExpression(expr, part),
  }));
  return located(node, (frame) => {
    let left = first(frame);
    for (const { holds, operand } of steps) {
      const right = operand(frame);
      if (!holds(left, right)) return false;
      left = right;
    }
    return true;
  });
};
