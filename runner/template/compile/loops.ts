import type { Value } from '../../values/index.ts';
import { iterate, truth } from '../python/index.ts';
import { Frame, LoopContext, Sink } from '../runtime/index.ts';
import { childrenOf, JinjaBlock, type JinjaFor, type Node, reads, syntaxError } from '../syntax/index.ts';
import { innerLevel } from './capture.ts';
import { located, locatedRun, type Run } from './evaluate.ts';
import { compileExpression } from './expressions.ts';
import { compileBody, compileTarget, namesOf } from './statements.ts';
import type { Part } from './unit.ts';

/** Compiles `{% for %}` with its test, `else` and recursion. */
export const compileFor = (node: JinjaFor, { unit, level }: Part): Run => {
  if (namesOf(node.name).includes('loop')) {
    throw syntaxError("a loop cannot assign to 'loop'", { line: node.name.lineno, column: node.name.colno });
  }
  const inner = { unit, level: innerLevel(level) };
  const outer = { unit, level: innerLevel(level) };
  const source = compileExpression(node.arr, { unit, level });
  const target = compileTarget(node.name, inner);
  const test = node.test === null ? undefined : compileExpression(node.test, inner);
  const body = compileBody(node.body.children, inner);
  const otherwise = node.else_ === null ? undefined : compileBody(node.else_.children, outer);
  const hasLoop = node.isRecursive || reads(node.body, 'loop') || hasScopedBlock(node);

  const assign = (frame: Frame, item: Value): void => target(frame, item);
  const filter = (items: Iterable<Value>, frame: Frame): Value[] => {
    const kept: Value[] = [];
    for (const item of items) {
      const testFrame = new Frame(frame.context, inner.level, frame);
      assign(testFrame, item);
      if (truth(test!(testFrame))) kept.push(item);
    }
    return kept;
  };

  const runLoop = (value: Value, frame: Frame, sink: Sink, depth: number): void => {
    const iterable = iterate(value);
    const items = test !== undefined ? filter(iterable, frame) : Array.isArray(iterable) ? iterable : [...iterable];
    const loop = hasLoop ? new LoopContext(items, depth, node.isRecursive ? recurse(frame) : undefined) : undefined;
    // As in Jinja2, a run of the body that was cut short does not count.
    let isComplete = false;
    // A list may grow while it is gone through.
    for (let index = 0; index < items.length; index++) {
      const innerFrame = new Frame(frame.context, inner.level, frame);
      if (loop !== undefined) {
        loop.index0 = index;
        innerFrame.vars.set('loop', loop);
      }
      assign(innerFrame, items[index]!);
      const signal = body(innerFrame, sink);
      if (signal === 'break') break;
      if (signal === undefined) isComplete = true;
    }
    if (!isComplete) otherwise?.(new Frame(frame.context, outer.level, frame), sink);
  };

  const recurse =
    (frame: Frame) =>
    (items: Value, depth: number): Value => {
      const sink = new Sink(frame.context.environment);
      runLoop(items, frame, sink, depth);
      return sink.value;
    };

  const items = located(node.arr, source);
  return locatedRun(node, (frame, sink) => {
    const value = items(frame);
    if (!node.isRecursive) runLoop(value, frame, sink, 0);
    else sink.addValue(recurse(frame)(value, 0));
    return undefined;
  });
};

const hasScopedBlock = (node: Node): boolean =>
  (node instanceof JinjaBlock && node.isScoped) || childrenOf(node).some(hasScopedBlock);
