import type { Value } from '../../values/index.ts';
import { templateError, truth, unpack } from '../python/index.ts';
import { Frame, Namespace } from '../runtime/index.ts';
import {
  Autoescape,
  CallBlock,
  Do,
  JinjaBlock,
  JinjaFor,
  JinjaInclude,
  LoopControl,
  NamespaceTarget,
  type Node,
  nodes,
  With,
} from '../syntax/index.ts';
import { innerLevel } from './capture.ts';
import { located, locatedRun, type Run } from './evaluate.ts';
import { compileExpression, compileKept } from './expressions.ts';
import { compileBlock, compileExtends, compileFromImport, compileImport, compileInclude } from './inheritance.ts';
import { compileFor } from './loops.ts';
import { compileCallBlock, compileMacro } from './macros.ts';
import { compileOutput } from './output.ts';
import type { Part } from './unit.ts';

/** Sets a target (a name, names, a namespace's attribute) to a value. */
export type Assign = (frame: Frame, value: Value) => void;

/** Compiles statements that follow each other. */
export const compileBody = (children: readonly Node[], part: Part): Run => {
  const statements = children.map((child) => compileStatement(child, part));
  if (statements.length === 1) return statements[0]!;
  return (frame, sink) => {
    for (const statement of statements) {
      const signal = statement(frame, sink);
      if (signal !== undefined) return signal;
    }
    return undefined;
  };
};

const compileStatement = (node: Node, part: Part): Run => {
  if (node instanceof nodes.Output) return compileOutput(node, part);
  if (node instanceof nodes.If) return compileIf(node, part);
  if (node instanceof JinjaFor) return compileFor(node, part);
  if (node instanceof nodes.Set) return compileSet(node, part);
  if (node instanceof nodes.Macro) return compileMacro(node, part);
  if (node instanceof CallBlock) return compileCallBlock(node, part);
  if (node instanceof With) return compileWith(node, part);
  if (node instanceof JinjaInclude) return compileInclude(node, part);
  if (node instanceof nodes.Import) return compileImport(node, part);
  if (node instanceof nodes.FromImport) return compileFromImport(node, part);
  if (node instanceof JinjaBlock) return compileBlock(node, part);
  if (node instanceof nodes.Extends) return compileExtends(node, part);
  if (node instanceof nodes.NodeList) return compileBody(node.children, part);
  if (node instanceof Autoescape) return compileAutoescape(node, part);
  if (node instanceof Do) {
    const expression = compileExpression(node.expression, part);
    return (frame) => void expression(frame);
  }
  if (node instanceof LoopControl) return () => node.type;
  throw new Error(`the statement ${node.typename} cannot be compiled`);
};

const compileIf = (node: InstanceType<typeof nodes.If>, part: Part): Run => {
  const test = compileExpression(node.cond, part);
  const condition = located(node.cond, (frame) => truth(test(frame)));
  const body = compileBody(node.body.children, part);
  const otherwise = node.else_ === null ? undefined : compileBody(node.else_.children, part);
  return (frame, sink) => (condition(frame) ? body(frame, sink) : otherwise?.(frame, sink));
};

/** Compiles a target of `set`, `for` or `with`. */
export const compileTarget = (target: Node, part: Part): Assign => {
  if (target instanceof nodes.Symbol) {
    const name = target.value;
    return (frame, value) => void frame.vars.set(name, value);
  }
  if (target instanceof nodes.Group) {
    const targets = target.children.map((child) => compileTarget(child, part));
    return (frame, value) => {
      const items = unpack(value, targets.length);
      targets.forEach((assign, index) => {
        assign(frame, items[index]!);
      });
    };
  }
  if (!(target instanceof NamespaceTarget)) throw new Error(`${target.typename} cannot be assigned to`);
  const namespace = compileExpression(new nodes.Symbol(target.lineno, target.colno, target.namespace), part);
  return (frame, value) => {
    const object = namespace(frame);
    if (!(object instanceof Namespace)) {
      throw templateError('other', 'cannot assign attribute on non-namespace object', 'namespace() makes one');
    }
    object.entries.set(target.attribute, value);
  };
};

/** The names that a target sets. */
export const namesOf = (target: Node): string[] => {
  if (target instanceof nodes.Symbol) return [target.value];
  return target instanceof nodes.Group ? target.children.flatMap(namesOf) : [];
};

const compileSet = (node: InstanceType<typeof nodes.Set>, part: Part): Run => {
  const target = node.targets[0]!;
  const assign = compileTarget(target, part);
  const value = compileKept(node.value, part);
  const exported = part.level.isTop ? namesOf(target).filter((name) => !name.startsWith('_')) : [];
  return locatedRun(node, (frame) => {
    assign(frame, value(frame));
    for (const name of exported) frame.context.exported.add(name);
    return undefined;
  });
};

const compileWith = (node: With, { unit, level }: Part): Run => {
  const inner = innerLevel(level);
  const assigns = node.targets.map((target) => compileTarget(target, { unit, level: inner }));
  const values = node.values.map((value) => compileKept(value, { unit, level }));
  const body = compileBody(node.body.children, { unit, level: inner });
  return (frame, sink) => {
    const innerFrame = new Frame(frame.context, inner, frame);
    assigns.forEach((assign, index) => {
      assign(innerFrame, values[index]!(frame));
    });
    return body(innerFrame, sink);
  };
};

// Ansible's templates never escape, whatever they say.
const compileAutoescape = (node: Autoescape, { unit, level }: Part): Run => {
  const inner = innerLevel(level);
  const value = compileExpression(node.value, { unit, level });
  const body = compileBody(node.body.children, { unit, level: inner });
  return (frame, sink) => {
    value(frame);
    return body(new Frame(frame.context, inner, frame), sink);
  };
};
