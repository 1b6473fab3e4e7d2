import { Undefined, type Value } from '../../values/index.ts';
import { iterate, templateError, typeError } from '../python/index.ts';
import {
  type BlockBody,
  type CompiledTemplate,
  Context,
  Frame,
  type Level,
  Module,
  parentBlock,
  SelfReference,
  Sink,
} from '../runtime/index.ts';
import { type JinjaBlock, type JinjaInclude, type Node, type nodes, reads, syntaxError } from '../syntax/index.ts';
import { type Evaluate, locatedRun, type Run } from './evaluate.ts';
import { compileExpression } from './expressions.ts';
import { compileBody } from './statements.ts';
import type { Part, Unit } from './unit.ts';

// The template that an expression names: a name, or a list of names of which the first that exists is taken.
const load = (frame: Frame, name: Evaluate): CompiledTemplate => {
  const value = name(frame);
  if (value instanceof Undefined) throw value.error();
  const names = typeof value === 'string' ? [value] : [...iterate(value)];
  for (const item of names) if (typeof item !== 'string') throw typeError("a template's name has to be text");
  return frame.context.environment.load(names as string[]);
};

const contextFor = ({ file }: CompiledTemplate, frame: Frame, withContext: boolean): Context => {
  const { context } = frame;
  const { environment, seesVariables } = context;
  return withContext
    ? new Context(environment, { locals: context.handOver(frame.all), seesVariables, file })
    : new Context(environment, { seesVariables: false, file });
};

/** Compiles `{% include %}`. */
export const compileInclude = (node: JinjaInclude, part: Part): Run => {
  const name = compileExpression(node.template, part);
  return locatedRun(node.template, (frame, sink) => {
    let template: CompiledTemplate;
    try {
      template = load(frame, name);
    } catch (error) {
      if (node.ignoreMissing && isNotFound(error)) return undefined;
      throw error;
    }
    const inner = contextFor(template, frame, node.withContext);
    template.run(inner, sink);
    return undefined;
  });
};

const isNotFound = (error: unknown): boolean => error instanceof Error && 'kind' in error && error.kind === 'notfound';

const importModule = (frame: Frame, name: Evaluate, withContext: boolean): Module => {
  const template = load(frame, name);
  const inner = contextFor(template, frame, withContext);
  const sink = new Sink(frame.context.environment);
  template.run(inner, sink);
  return new Module(inner, sink.text);
};

/** Compiles `{% import … as name %}`. */
export const compileImport = (node: InstanceType<typeof nodes.Import>, part: Part): Run => {
  const name = compileExpression(node.template, part);
  const target = node.target.value;
  return locatedRun(node.template, (frame) => {
    frame.vars.set(target, importModule(frame, name, node.withContext));
    if (part.level.isTop) frame.context.exported.delete(target);
    return undefined;
  });
};

/** Compiles `{% from … import names %}`. */
export const compileFromImport = (node: InstanceType<typeof nodes.FromImport>, part: Part): Run => {
  const template = compileExpression(node.template, part);
  const names = node.names.children.map((pair) => {
    const { key, value } = pair as InstanceType<typeof nodes.Pair>;
    return [symbolText(key), symbolText(value)] as const;
  });
  return locatedRun(node.template, (frame) => {
    const module = importModule(frame, template, node.withContext);
    for (const [name, alias] of names) {
      frame.vars.set(alias, module.attribute(name) ?? notExported(name, module));
      if (part.level.isTop) frame.context.exported.delete(alias);
    }
    return undefined;
  });
};

const symbolText = (node: Node): string => (node as InstanceType<typeof nodes.Symbol>).value;

const notExported = (name: string, module: Module): Value =>
  new Undefined(`the imported template does not export the requested name '${name}'`, name, module.exports.keys());

/** Compiles `{% extends %}`: from here on the template puts out nothing; the extended one is run at the end. */
export const compileExtends = (node: InstanceType<typeof nodes.Extends>, part: Part): Run => {
  if (!part.level.isTop) {
    throw syntaxError('extends may only stand at the top of a template', { line: node.lineno, column: node.colno });
  }
  const name = compileExpression(node.template, part);
  return locatedRun(node, (frame) => {
    const { context } = frame;
    if (frame.extended !== undefined) throw templateError('other', 'extended multiple times');
    const parent = load(frame, name);
    frame.extended = parent;
    for (const [block, body] of parent.blocks) {
      const bodies = context.blocks.get(block);
      if (bodies) bodies.push(body);
      else context.blocks.set(block, [body]);
    }
    return undefined;
  });
};

/** Compiles `{% block %}`: its body is the template's own, unless a template that extends this one has another. */
export const compileBlock = (node: JinjaBlock, part: Part): Run => {
  const name = node.name.value;
  const { unit, level } = part;
  if (unit.blocks.has(name)) {
    throw syntaxError(`the block '${name}' is defined twice`, { line: node.lineno, column: node.colno });
  }
  unit.blocks.set(name, compileBlockBody(node, unit));
  return locatedRun(node, (frame, sink) => {
    if (level.isTop && frame.extended !== undefined) return undefined;
    const context = node.isScoped ? frame.context.derive(frame.all) : frame.context;
    const bodies = context.blocks.get(name)!;
    if (node.isRequired && bodies.length <= 1) {
      throw templateError('other', `the required block '${name}' is not defined`);
    }
    bodies[0]!(context, sink);
    return undefined;
  });
};

const compileBlockBody = (node: JinjaBlock, unit: Unit): BlockBody => {
  const name = node.name.value;
  const level: Level = { isTop: false, reads: new Set(), stopsAtExtends: false };
  const body = compileBody(node.body.children, { unit, level });
  const usesSuper = reads(node.body, 'super');
  const usesSelf = reads(node.body, 'self');
  const run: BlockBody = (context, sink) => {
    const frame = new Frame(context, level);
    const bodies = context.blocks.get(name)!;
    if (usesSuper) frame.vars.set('super', parentBlock(name, context, bodies, bodies.indexOf(run)));
    if (usesSelf) frame.vars.set('self', new SelfReference(context));
    body(frame, sink);
  };
  return run;
};
