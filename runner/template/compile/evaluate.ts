import { TemplateError } from '../../errors/index.ts';
import type { Value } from '../../values/index.ts';
import { type Position, place } from '../positions.ts';
import type { Frame, Sink } from '../runtime/index.ts';
import type { Node } from '../syntax/index.ts';

/** A compiled expression. */
export type Evaluate = (frame: Frame) => Value;

/** How a statement ended: on with the next one, or out of the body of the loop. */
export type Signal = 'break' | 'continue' | undefined;

/** A compiled statement. */
export type Run = (frame: Frame, sink: Sink) => Signal;

/** The expression with the place of `node` noted in the errors that it raises. */
export const located = (node: Node, evaluate: Evaluate): Evaluate => {
  const position = { line: node.lineno, column: node.colno };
  return (frame) => {
    try {
      return evaluate(frame);
    } catch (error) {
      throw placed(error, position, frame.context);
    }
  };
};

/** The statement with the place of `node` noted in the errors that it raises. */
export const locatedRun = (node: Node, run: Run): Run => {
  const position = { line: node.lineno, column: node.colno };
  return (frame, sink) => {
    try {
      return run(frame, sink);
    } catch (error) {
      throw placed(error, position, frame.context);
    }
  };
};

const placed = (error: unknown, position: Position, run: object): unknown => {
  if (error instanceof TemplateError) return place(error, position, run);
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return place(new TemplateError('recursion', 'the template calls itself without end'), position);
  }
  return error;
};
