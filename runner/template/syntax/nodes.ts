import nunjucks from 'nunjucks/src/nodes.js';

// Nunjucks's nodes, and those that Jinja2 has and Nunjucks lacks.
export { nunjucks as nodes };
export type Node = nunjucks.Node;
export type NodeList = nunjucks.NodeList;

/** `target.name` */
export class Attribute extends nunjucks.Node {
  declare readonly target: Node;
  declare readonly name: string;
  override get typename() {
    return 'Attribute';
  }
  override get fields() {
    return ['target', 'name'];
  }
}

/** `start:stop:step` inside of brackets */
export class Slice extends nunjucks.Node {
  declare readonly start: Node | null;
  declare readonly stop: Node | null;
  declare readonly step: Node | null;
  override get typename() {
    return 'Slice';
  }
  override get fields() {
    return ['start', 'stop', 'step'];
  }
}

/** `*value` (type `*`) or `**value` (type `**`) among the arguments of a call */
export class Spread extends nunjucks.Node {
  declare readonly value: Node;
  declare readonly type: '*' | '**';
  override get typename() {
    return 'Spread';
  }
  override get fields() {
    return ['value', 'type'];
  }
}

/** `name.attribute` as what is assigned to; only namespaces can be. */
export class NamespaceTarget extends nunjucks.Node {
  declare readonly namespace: string;
  declare readonly attribute: string;
  override get typename() {
    return 'NamespaceTarget';
  }
  override get fields() {
    return ['namespace', 'attribute'];
  }
}

/** `{% for … if test %}`, `{% for … recursive %}` */
export class JinjaFor extends nunjucks.For {
  declare readonly test: Node | null;
  declare readonly isRecursive: boolean;
  override get fields() {
    return ['arr', 'name', 'body', 'else_', 'test', 'isRecursive'];
  }
}

/** `{% block name scoped required %}` */
export class JinjaBlock extends nunjucks.Block {
  declare readonly isScoped: boolean;
  declare readonly isRequired: boolean;
  override get fields() {
    return ['name', 'body', 'isScoped', 'isRequired'];
  }
}

/** `{% include … with context %}` */
export class JinjaInclude extends nunjucks.Include {
  declare readonly withContext: boolean;
  override get fields() {
    return ['template', 'ignoreMissing', 'withContext'];
  }
}

/** `{% call(args) callee(…) %}` */
export class CallBlock extends nunjucks.Node {
  declare readonly call: nunjucks.FunCall;
  declare readonly args: NodeList;
  declare readonly body: NodeList;
  override get typename() {
    return 'CallBlock';
  }
  override get fields() {
    return ['call', 'args', 'body'];
  }
}

/** `{% with name = value, … %}` */
export class With extends nunjucks.Node {
  declare readonly targets: readonly Node[];
  declare readonly values: readonly Node[];
  declare readonly body: NodeList;
  override get typename() {
    return 'With';
  }
  override get fields() {
    return ['targets', 'values', 'body'];
  }
}

/** `{% autoescape value %}` */
export class Autoescape extends nunjucks.Node {
  declare readonly value: Node;
  declare readonly body: NodeList;
  override get typename() {
    return 'Autoescape';
  }
  override get fields() {
    return ['value', 'body'];
  }
}

/** `{% do expression %}` */
export class Do extends nunjucks.Node {
  declare readonly expression: Node;
  override get typename() {
    return 'Do';
  }
  override get fields() {
    return ['expression'];
  }
}

/** `{% break %}` and `{% continue %}` */
export class LoopControl extends nunjucks.Node {
  declare readonly type: 'break' | 'continue';
  override get typename() {
    return 'LoopControl';
  }
  override get fields() {
    return ['type'];
  }
}

const { NodeList, Node: AnyNode, Symbol: Name, Literal } = nunjucks;

/** Whether a node has none inside of it; most of the nodes of large templates are such. */
const isLeaf = (node: Node): boolean => node instanceof Name || node instanceof Literal;

/** Whether something holds for one of the nodes right inside of `node`. */
export const someChild = (node: Node, holds: (child: Node) => boolean): boolean => {
  if (node instanceof NodeList) return node.children.some(holds);
  if (isLeaf(node)) return false;
  const fields = node as unknown as Readonly<Record<string, unknown>>;
  for (const field of node.fields) {
    const value = fields[field];
    if (value instanceof AnyNode) {
      if (holds(value)) return true;
    } else if (Array.isArray(value) && value.some((item) => item instanceof AnyNode && holds(item))) return true;
  }
  return false;
};

/** The nodes right inside of `node`. */
export const childrenOf = (node: Node): readonly Node[] => {
  if (node instanceof NodeList) return node.children;
  const children: Node[] = [];
  someChild(node, (child) => {
    children.push(child);
    return false;
  });
  return children;
};

/** Whether the variable `name` is read in `node`; blocks are apart, since they see only the context. */
export const reads = (node: Node, name: string): boolean => {
  if (node instanceof Name) return node.value === name;
  return !(node instanceof nunjucks.Block) && someChild(node, (child) => reads(child, name));
};
