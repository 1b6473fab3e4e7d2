import { type Node, nodes } from '../syntax/index.ts';
import { locatedRun, type Run } from './evaluate.ts';
import { compileKept } from './expressions.ts';
import type { Part } from './unit.ts';

/** Compiles text and `{{ }}` that follow each other. */
export const compileOutput = (node: InstanceType<typeof nodes.Output>, part: Part): Run => {
  const children = node.children.map((child) => compileChild(child, part));
  const { stopsAtExtends } = part.level;
  const run: Run =
    children.length === 1
      ? children[0]!
      : (frame, sink) => {
          for (const child of children) child(frame, sink);
          return undefined;
        };
  if (!stopsAtExtends) return run;
  return (frame, sink) => (frame.isExtending ? undefined : run(frame, sink));
};

const compileChild = (child: Node, part: Part): Run => {
  if (child instanceof nodes.TemplateData) {
    const text = child.value;
    return (_frame, sink) => {
      sink.addText(text);
      return undefined;
    };
  }
  const evaluate = compileKept(child, part);
  return locatedRun(child, (frame, sink) => {
    sink.addValue(evaluate(frame));
    return undefined;
  });
};
