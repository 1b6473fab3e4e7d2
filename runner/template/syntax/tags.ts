import {
  Autoescape,
  CallBlock,
  Do,
  JinjaBlock,
  JinjaFor,
  JinjaInclude,
  LoopControl,
  type Node,
  type NodeList,
  nodes,
  With,
} from './nodes.ts';
import type { JinjaParser } from './parser.ts';

/** Reads a statement whose name was taken, up to where its last tag ends. */
export type Tag = (this: JinjaParser) => Node;

function parseIf(this: JinjaParser): Node {
  const [line, column] = this.place;
  const condition = this.parseTuple({ isCondition: true });
  const { body, end } = this.parseBody('elif', 'else', 'endif');
  let otherwise: NodeList | null = null;
  if (end === 'elif') otherwise = new nodes.NodeList(line, column, [parseIf.call(this)]);
  else if (end === 'else') otherwise = this.parseBody('endif').body;
  return new nodes.If(line, column, condition, body, otherwise);
}

function parseFor(this: JinjaParser): Node {
  const [line, column] = this.place;
  const target = this.parseTarget(['in']);
  this.expectWord('in');
  const iterable = this.parseTuple({ isCondition: true, ends: ['recursive'] });
  const test = this.skipSymbol('if') ? this.parseExpression() : null;
  const isRecursive = this.skipSymbol('recursive');
  const { body, end } = this.parseBody('endfor', 'else');
  const otherwise = end === 'else' ? this.parseBody('endfor').body : null;
  return new JinjaFor(line, column, iterable, target, body, otherwise, test, isRecursive);
}

function parseSet(this: JinjaParser): Node {
  const [line, column] = this.place;
  const target = this.parseTarget([], true);
  if (this.skipOperator('=')) return new nodes.Set(line, column, [target], this.parseTuple());
  const filters = new nodes.Symbol(line, column, '');
  const filter = this.parseFilters(filters);
  const { body } = this.parseBody('endset');
  return new nodes.Set(
    line,
    column,
    [target],
    replaceInnermost(filter, filters, new nodes.Capture(line, column, body)),
  );
}

function parseFilterBlock(this: JinjaParser): Node {
  const [line, column] = this.place;
  const empty = new nodes.Symbol(line, column, '');
  const filter = this.parseFilters(empty, true);
  const { body } = this.parseBody('endfilter');
  const captured = replaceInnermost(filter, empty, new nodes.Capture(line, column, body));
  return new nodes.Output(line, column, [captured]);
}

// Filters are read before the body that they are applied to.
const replaceInnermost = (filter: Node, placeholder: Node, body: Node): Node => {
  if (filter === placeholder) return body;
  const { children } = (filter as InstanceType<typeof nodes.Filter>).args;
  children[0] = replaceInnermost(children[0]!, placeholder, body);
  return filter;
};

function parseMacro(this: JinjaParser): Node {
  const [line, column] = this.place;
  const name = this.parseName("the macro's name");
  const signature = this.parseSignature();
  return new nodes.Macro(line, column, name, signature, this.parseBody('endmacro').body);
}

function parseCallBlock(this: JinjaParser): Node {
  const [line, column] = this.place;
  const signature = this.isOperator('(') ? this.parseSignature() : new nodes.NodeList(line, column, []);
  const call = this.parseExpression();
  if (call.constructor !== nodes.FunCall) this.fail('expected a call, such as name()', call.lineno, call.colno);
  return new CallBlock(line, column, call, signature, this.parseBody('endcall').body);
}

function parseWith(this: JinjaParser): Node {
  const targets: Node[] = [];
  const values: Node[] = [];
  const [line, column] = this.place;
  while (this.peekToken().type !== 'block-end') {
    if (targets.length > 0) this.expectOperator(',');
    targets.push(this.parseTarget());
    this.expectOperator('=');
    values.push(this.parseExpression());
  }
  return new With(line, column, targets, values, this.parseBody('endwith').body);
}

function parseAutoescape(this: JinjaParser): Node {
  const [line, column] = this.place;
  const value = this.parseExpression();
  return new Autoescape(line, column, value, this.parseBody('endautoescape').body);
}

function parseBlock(this: JinjaParser): Node {
  const [line, column] = this.place;
  const name = this.expectName("the block's name");
  const isScoped = this.skipSymbol('scoped');
  const isRequired = this.skipSymbol('required');
  if (this.isOperator('-')) this.fail("a block's name is one word: letters, digits and '_'");
  const { body } = this.parseBody('endblock');
  if (isRequired && !body.children.every(isBlank)) {
    this.fail('a required block holds nothing but comments and whitespace', line, column);
  }
  this.skipSymbol(name.value);
  const symbol = new nodes.Symbol(name.lineno, name.colno, name.value);
  return new JinjaBlock(line, column, symbol, body, isScoped, isRequired);
}

const isBlank = (node: Node): boolean =>
  node instanceof nodes.Output &&
  node.children.every((child) => child instanceof nodes.TemplateData && child.value.trim() === '');

function parseExtends(this: JinjaParser): Node {
  return new nodes.Extends(...this.place, this.parseExpression());
}

function parseInclude(this: JinjaParser): Node {
  const [line, column] = this.place;
  const template = this.parseExpression();
  const ignoresMissing = this.isWord('ignore') && this.lookIsWord('missing');
  if (ignoresMissing) {
    this.nextToken();
    this.nextToken();
  }
  return new JinjaInclude(line, column, template, ignoresMissing, this.parseContext(true));
}

function parseImport(this: JinjaParser): Node {
  const [line, column] = this.place;
  const template = this.parseExpression();
  this.expectWord('as');
  const target = this.parseName();
  return new nodes.Import(line, column, template, target, this.parseContext(false));
}

function parseFrom(this: JinjaParser): Node {
  const [line, column] = this.place;
  const template = this.parseExpression();
  this.expectWord('import');
  const names = new nodes.NodeList(line, column, []);
  let withContext = false;
  for (;;) {
    if (names.children.length > 0) this.expectOperator(',');
    if ((this.isWord('with') || this.isWord('without')) && this.lookIsWord('context')) {
      withContext = this.parseContext(false);
      break;
    }
    const name = this.parseName() as InstanceType<typeof nodes.Symbol>;
    if (name.value.startsWith('_')) this.fail("names that begin with '_' are private", name.lineno, name.colno);
    const alias = this.skipSymbol('as') ? this.parseName() : name;
    names.addChild(new nodes.Pair(name.lineno, name.colno, name, alias));
    if ((this.isWord('with') || this.isWord('without')) && this.lookIsWord('context')) {
      withContext = this.parseContext(false);
      break;
    }
    if (!this.isOperator(',')) break;
  }
  return new nodes.FromImport(line, column, template, names, withContext);
}

function parsePrint(this: JinjaParser): Node {
  const [line, column] = this.place;
  const items: Node[] = [];
  while (this.peekToken().type !== 'block-end') {
    if (items.length > 0) this.expectOperator(',');
    items.push(this.parseExpression());
  }
  return new nodes.Output(line, column, items);
}

function parseDo(this: JinjaParser): Node {
  return new Do(...this.place, this.parseTuple());
}

const loopControl = (type: 'break' | 'continue'): Tag =>
  function parseLoopControl(this: JinjaParser): Node {
    if (!this.isInLoop) this.fail(`'${type}' stands outside of a loop`, ...this.place);
    return new LoopControl(...this.place, type);
  };

const standardTags: readonly (readonly [string, Tag])[] = [
  ['if', parseIf],
  ['for', parseFor],
  ['set', parseSet],
  ['filter', parseFilterBlock],
  ['macro', parseMacro],
  ['call', parseCallBlock],
  ['with', parseWith],
  ['autoescape', parseAutoescape],
  ['block', parseBlock],
  ['extends', parseExtends],
  ['include', parseInclude],
  ['import', parseImport],
  ['from', parseFrom],
  ['print', parsePrint],
];

const extensionTags: Readonly<Record<string, readonly (readonly [string, Tag])[]>> = {
  do: [['do', parseDo]],
  loopcontrols: [
    ['break', loopControl('break')],
    ['continue', loopControl('continue')],
  ],
};

/** The statements that may be used. Extensions are written as `jinja2.ext.do` or in short. */
export const tagsOf = (extensions: readonly string[]): ReadonlyMap<string, Tag> =>
  new Map([...standardTags, ...extensions.flatMap((name) => extensionTags[name.replace(/^.*\./, '')] ?? [])]);
