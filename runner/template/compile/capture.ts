import { Frame, type Level, Sink } from '../runtime/index.ts';
import type { nodes } from '../syntax/index.ts';
import type { Evaluate } from './evaluate.ts';
import { compileBody } from './statements.ts';
import type { Part } from './unit.ts';

/** A level inside of another one. Captured output is wanted even where the template extends another. */
export const innerLevel = (level: Level, isCaptured = false): Level => ({
  isTop: false,
  reads: new Set(),
  stopsAtExtends: level.stopsAtExtends && !isCaptured,
});

/** Compiles `{% set x %}…{% endset %}` and `{% filter f %}…{% endfilter %}`: a body whose output is a value. */
export const compileCapture = (node: InstanceType<typeof nodes.Capture>, { unit, level }: Part): Evaluate => {
  const inner = innerLevel(level, true);
  const body = compileBody(node.body.children, { unit, level: inner });
  return (frame) => {
    const sink = new Sink(frame.context.environment);
    body(new Frame(frame.context, inner, frame), sink);
    return sink.value;
  };
};
