import { toText, type Value } from '../../values/index.ts';
import { type Node, nodes } from '../syntax/index.ts';
import { locatedRun, type Run } from './evaluate.ts';
import { compileKept } from './expressions.ts';
import type { Part } from './unit.ts';

// What these filters return is not escaped again.
const safeFilters = new Set(['safe', 'e', 'escape', 'forceescape', 'tojson', 'xmlattr', 'urlize']);

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
  const isSafe = child instanceof nodes.Filter && safeFilters.has(child.name.value);
  return locatedRun(child, (frame, sink) => {
    const value = evaluate(frame);
    sink.addValue(frame.autoescape && !isSafe ? escaped(value) : value);
    return undefined;
  });
};

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

const escaped = (value: Value): Value =>
  value === null ? null : toText(value).replace(/[&<>"']/g, (character) => escapes[character]!);
