// Turns parsed templates into closures that render them.
import { type CompiledTemplate, Frame, type Level, SelfReference } from '../runtime/index.ts';
import { type Node, nodes, parse, reads, type Syntax } from '../syntax/index.ts';
import { type Evaluate, located } from './evaluate.ts';
import { compileExpression } from './expressions.ts';
import { compileBody } from './statements.ts';
import { analyze, type Registry, type Unit } from './unit.ts';

export type { Evaluate } from './evaluate.ts';
export type { Registry } from './unit.ts';

const topLevel = (stopsAtExtends: boolean): Level => ({ isTop: true, reads: new Set(), stopsAtExtends });

/** Compiles a template. Throws a TemplateError of kind `syntax`. */
export const compile = (source: string, syntax: Syntax, registry: Registry): CompiledTemplate => {
  const root = parse(source, syntax);
  return compileRoot(root, analyze(root, registry), source.includes('self'));
};

const compileRoot = (root: InstanceType<typeof nodes.Root>, unit: Unit, namesSelf: boolean): CompiledTemplate => {
  const level = topLevel(unit.hasExtends);
  const body = compileBody(root.children, { unit, level });
  const usesSelf = namesSelf && reads(root, 'self');
  return {
    blocks: unit.blocks,
    reads: unit.reads,
    run: (context, sink) => {
      const frame = new Frame(context, level, undefined, context.vars);
      for (const [name, block] of unit.blocks) if (!context.blocks.has(name)) context.blocks.set(name, [block]);
      if (usesSelf) frame.vars.set('self', new SelfReference(context));
      body(frame, sink);
      frame.extended?.run(context, sink);
    },
  };
};

/** A compiled expression, and the names of the variables that it may read. */
export interface CompiledExpression {
  readonly evaluate: Evaluate;
  readonly level: Level;
}

/** Compiles what would stand between `{{` and `}}`. */
export const compileExpressionText = (text: string, syntax: Syntax, registry: Registry): CompiledExpression => {
  const root = parse(`{{ ${text} }}`, { ...syntax, escapeBackslashes: false });
  const output = root.children[0];
  const node = output instanceof nodes.Output && output.children.length === 1 ? output.children[0] : undefined;
  const unit = analyze(root, registry);
  const level = topLevel(false);
  const expression: Node = node ?? root;
  return { evaluate: located(expression, compileExpression(expression, { unit, level })), level };
};
