import { type Dict, Undefined } from '../../values/index.ts';
import { inFile } from '../positions.ts';
import { Frame, Macro, type MacroSignature, Sink } from '../runtime/index.ts';
import { type CallBlock, type Node, type NodeList, nodes, reads } from '../syntax/index.ts';
import { compileArguments } from './arguments.ts';
import { compileCallWith } from './calls.ts';
import { innerLevel } from './capture.ts';
import { type Evaluate, locatedRun, type Run } from './evaluate.ts';
import { compileExpression } from './expressions.ts';
import { compileBody } from './statements.ts';
import type { Part } from './unit.ts';

/** Compiles `{% macro %}`. */
export const compileMacro = (node: InstanceType<typeof nodes.Macro>, part: Part): Run => {
  const name = node.name.value;
  const make = compileDefinition(name, node.args, node.body, part);
  const isExported = part.level.isTop && !name.startsWith('_');
  return (frame) => {
    frame.vars.set(name, make(frame));
    if (isExported) frame.context.exported.add(name);
    return undefined;
  };
};

/** Compiles `{% call(…) callee(…) %}`: the callee gets the body as the macro `caller`. */
export const compileCallBlock = (node: CallBlock, part: Part): Run => {
  const make = compileDefinition(null, node.args, node.body, part);
  const { positional, keywords } = compileArguments(node.call.args.children, part);
  const withCaller = (frame: Frame): Dict => new Map([...keywords(frame), ['caller', make(frame)]]);
  const call = compileCallWith(node.call.name, { positional, keywords: withCaller }, part);
  return locatedRun(node.call, (frame, sink) => {
    sink.addValue(call(frame));
    return undefined;
  });
};

const compileDefinition = (
  name: string | null,
  args: NodeList,
  content: NodeList,
  { unit, level }: Part,
): ((frame: Frame) => Macro) => {
  const inner = innerLevel(level, true);
  const parameters = args.children.map((child) => parameterOf(child, { unit, level: inner }));
  const names = parameters.map((parameter) => parameter.name);
  const uses = (word: string): boolean => !names.includes(word) && reads(content, word);
  const signature: MacroSignature = {
    name,
    parameters: names,
    takesKwargs: uses('kwargs'),
    takesVarargs: uses('varargs'),
    takesCaller: reads(content, 'caller'),
  };
  const body = compileBody(content.children, { unit, level: inner });
  return (outer) =>
    new Macro(signature, (bound) => {
      const frame = new Frame(outer.context, inner, outer, bound);
      for (const { name: parameter, fallback } of parameters) {
        if (!bound.has(parameter)) bound.set(parameter, fallback(frame));
      }
      const sink = new Sink(outer.context.environment);
      const { file } = outer.context;
      // An imported macro's errors stand in its own file.
      if (file === undefined) body(frame, sink);
      else inFile(file, () => body(frame, sink));
      return sink.value;
    });
};

const parameterOf = (node: Node, part: Part): { readonly name: string; readonly fallback: Evaluate } => {
  if (node instanceof nodes.Pair) {
    const name = (node.key as InstanceType<typeof nodes.Symbol>).value;
    return { name, fallback: compileExpression(node.value, part) };
  }
  const name = (node as InstanceType<typeof nodes.Symbol>).value;
  return { name, fallback: () => new Undefined(`parameter '${name}' was not provided`, name) };
};
