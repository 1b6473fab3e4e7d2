import type { Token } from 'nunjucks/src/parser.js';
import { Attribute, type Node, nodes, Slice, Spread } from './nodes.ts';
import { readFloat, readInteger } from './number-literal.ts';
import { TokenParser } from './token-parser.ts';

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);
const binary = new Map([
  ['+', { Node: nodes.Add, tightness: 0 }],
  ['-', { Node: nodes.Sub, tightness: 0 }],
  ['~', { Node: nodes.Concat, tightness: 1 }],
  ['*', { Node: nodes.Mul, tightness: 2 }],
  ['/', { Node: nodes.Div, tightness: 2 }],
  ['//', { Node: nodes.FloorDiv, tightness: 2 }],
  ['%', { Node: nodes.Mod, tightness: 2 }],
  ['**', { Node: nodes.Pow, tightness: 3 }],
]);
const constants = new Map<string, boolean | null>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
interface TupleOptions {
  /** Only names and literals, as what is assigned to. */
  readonly isTarget?: boolean;
  /** `a if b else c` is not taken. */
  readonly isCondition?: boolean;
  /** Inside of parentheses nothing at all is an empty tuple. */
  readonly isParenthesized?: boolean;
  /** Words that end the tuple. */
  readonly ends?: readonly string[];
}

// Python ends sooner.
const deepest = 200;

/** The expressions of Jinja2: its precedence, slices, tuples, tests, `*args`. */
export class ExpressionParser extends TokenParser {
  #depth = 0;

  parseExpression(): Node {
    let node = this.parseOr();
    while (this.isWord('if')) {
      const { lineno, colno } = this.nextToken();
      const condition = this.parseOr();
      const otherwise = this.skipSymbol('else') ? this.parseExpression() : null;
      node = new nodes.InlineIf(lineno, colno, condition, node, otherwise);
    }
    return node;
  }

  parseOr(): Node {
    let node = this.parseAnd();
    while (this.isWord('or')) {
      const { lineno, colno } = this.nextToken();
      node = new nodes.Or(lineno, colno, node, this.parseAnd());
    }
    return node;
  }

  parseAnd(): Node {
    let node = this.parseNot();
    while (this.isWord('and')) {
      const { lineno, colno } = this.nextToken();
      node = new nodes.And(lineno, colno, node, this.parseNot());
    }
    return node;
  }

  parseNot(): Node {
    return this.#deeper(() => {
      if (!this.isWord('not')) return this.parseCompare();
      const { lineno, colno } = this.nextToken();
      return new nodes.Not(lineno, colno, this.parseNot());
    });
  }

  /** Parses something inside of something else; so deep as to exhaust the stack is a mistake. */
  #deeper(parse: () => Node): Node {
    const { lineno, colno } = this.peekToken();
    if (++this.#depth > deepest) this.fail('the expression is nested too deeply', lineno, colno);
    const node = parse();
    this.#depth--;
    return node;
  }

  parseCompare(): Node {
    const first = this.parseBinary();
    const operands: Node[] = [];
    for (;;) {
      const { type, value, lineno, colno } = this.peekToken();
      let operator = value;
      if (type === 'operator' && comparisons.has(value)) this.nextToken();
      else if (this.isWord('in')) this.nextToken();
      else if (this.isWord('not') && this.lookIsWord('in')) {
        this.nextToken();
        this.nextToken();
        operator = 'not in';
      } else break;
      operands.push(new nodes.CompareOperand(lineno, colno, this.parseBinary(), operator));
    }
    return operands.length === 0 ? first : new nodes.Compare(first.lineno, first.colno, first, operands);
  }

  /** Operators on two operands, those that bind at least as tightly as `least`; all of them take the left ones first. */
  parseBinary(least = 0): Node {
    let left = this.parseUnary();
    for (;;) {
      const { type, value, lineno, colno } = this.peekToken();
      const operator = type === 'operator' || type === 'tilde' ? binary.get(value) : undefined;
      if (operator === undefined || operator.tightness < least) return left;
      this.nextToken();
      left = new operator.Node(lineno, colno, left, this.parseBinary(operator.tightness + 1));
    }
  }

  parseUnary(takesFilters = true): Node {
    const { lineno, colno } = this.peekToken();
    let node: Node;
    if (this.skipOperator('-'))
      node = new nodes.Neg(
        lineno,
        colno,
        this.#deeper(() => this.parseUnary(false)),
      );
    else if (this.skipOperator('+'))
      node = new nodes.Pos(
        lineno,
        colno,
        this.#deeper(() => this.parseUnary(false)),
      );
    else node = this.parsePrimary();
    node = this.parsePostfix(node);
    return takesFilters ? this.parseFiltersAndTests(node) : node;
  }

  parsePrimary(): Node {
    const { type, value, lineno, colno } = this.peekToken();
    switch (type) {
      case 'symbol': {
        this.nextToken();
        const constant = constants.get(value);
        return constant === undefined
          ? new nodes.Symbol(lineno, colno, value)
          : new nodes.Literal(lineno, colno, constant);
      }
      case 'string': {
        let text = '';
        while (this.peekToken().type === 'string') text += this.nextToken().value;
        return new nodes.Literal(lineno, colno, text);
      }
      case 'int':
        this.nextToken();
        return new nodes.Literal(lineno, colno, readInteger(value));
      case 'float':
        this.nextToken();
        return new nodes.Literal(lineno, colno, readFloat(value));
      case 'operator':
        if (value === '[') return this.#parseList();
        if (value === '{') return this.#parseDict();
        if (this.skipOperator('(')) {
          const node = this.parseTuple({ isParenthesized: true });
          this.expectOperator(')');
          return node;
        }
    }
    return this.unexpected('an expression');
  }

  #parseList(): Node {
    const { lineno, colno } = this.expectOperator('[');
    return new nodes.Array(
      lineno,
      colno,
      this.#parseItems(']', () => this.parseExpression()),
    );
  }

  #parseDict(): Node {
    const { lineno, colno } = this.expectOperator('{');
    const pairs = this.#parseItems('}', () => {
      const key = this.parseExpression();
      this.expectOperator(':');
      return new nodes.Pair(key.lineno, key.colno, key, this.parseExpression());
    });
    return new nodes.Dict(lineno, colno, pairs);
  }

  // Items with commas between them, up to `close`, which is taken too; a last comma is allowed.
  #parseItems(close: string, parseItem: () => Node): Node[] {
    const items: Node[] = [];
    while (!this.skipOperator(close)) {
      if (items.length > 0) {
        if (!this.skipOperator(',')) this.unexpected(`',' or '${close}'`);
        if (this.skipOperator(close)) break;
      }
      items.push(parseItem());
    }
    return items;
  }

  /** One expression, or a tuple where commas follow; a tuple is a Group node. */
  parseTuple({ isTarget, isCondition, isParenthesized, ends = [] }: TupleOptions = {}): Node {
    const { lineno, colno } = this.peekToken();
    const items: Node[] = [];
    let isTuple = false;
    for (;;) {
      if (this.#isTupleEnd(ends)) break;
      items.push(isTarget ? this.parsePrimary() : isCondition ? this.parseOr() : this.parseExpression());
      if (!this.skipOperator(',')) break;
      isTuple = true;
    }
    if (!isTuple) {
      if (items.length > 0) return items[0]!;
      if (!isParenthesized) this.unexpected('an expression');
    }
    return new nodes.Group(lineno, colno, items);
  }

  #isTupleEnd(ends: readonly string[]): boolean {
    const { type } = this.peekToken();
    return (
      type === 'variable-end' || type === 'block-end' || this.isOperator(')') || ends.some((word) => this.isWord(word))
    );
  }

  parsePostfix(node: Node): Node {
    let result = node;
    for (;;) {
      if (this.isOperator('.')) result = this.#parseAttribute(result);
      else if (this.isOperator('[')) result = this.#parseItem(result);
      else if (this.isOperator('(')) result = this.#parseCall(result);
      else return result;
    }
  }

  #parseCall(callee: Node): Node {
    const { lineno, colno } = this.peekToken();
    return new nodes.FunCall(lineno, colno, callee, this.parseArguments());
  }

  #parseAttribute(target: Node): Node {
    this.expectOperator('.');
    const { type, value, lineno, colno } = this.peekToken();
    if (type === 'symbol') {
      this.nextToken();
      return new Attribute(lineno, colno, target, value);
    }
    if (type !== 'int') this.unexpected('a name or a number');
    this.nextToken();
    return new nodes.LookupVal(lineno, colno, target, new nodes.Literal(lineno, colno, readInteger(value)));
  }

  #parseItem(target: Node): Node {
    const { lineno, colno } = this.expectOperator('[');
    const items: Node[] = [];
    while (!this.isOperator(']')) {
      if (items.length > 0) this.expectOperator(',');
      items.push(this.#parseSubscript());
    }
    this.nextToken();
    const item = items.length === 1 ? items[0] : new nodes.Group(lineno, colno, items);
    return new nodes.LookupVal(lineno, colno, target, item);
  }

  #parseSubscript(): Node {
    const { lineno, colno } = this.peekToken();
    const isEnd = () => this.isOperator(':') || this.isOperator(']') || this.isOperator(',');
    const start = this.isOperator(':') ? null : this.parseExpression();
    if (!this.skipOperator(':')) return start!;
    const stop = isEnd() ? null : this.parseExpression();
    const step = this.skipOperator(':') && !isEnd() ? this.parseExpression() : null;
    return new Slice(lineno, colno, start, stop, step);
  }

  /** `(a, *b, c=d, **e)`: the arguments as children, keywords in one KeywordArgs node. */
  parseArguments(): InstanceType<typeof nodes.NodeList> {
    const { lineno, colno } = this.peekToken();
    this.expectOperator('(');
    const keywords: InstanceType<typeof nodes.Pair>[] = [];
    const spreads: Spread[] = [];
    const positional: Node[] = [];
    const check = (isRight: boolean, token: Token): void => {
      if (!isRight) this.fail('this argument may not stand after those before it', token.lineno, token.colno);
    };
    this.#parseItems(')', () => {
      const token = this.peekToken();
      const hasSpread = (type: string) => spreads.some((spread) => spread.type === type);
      const isSpread = this.isOperator('*') || this.isOperator('**');
      if (isSpread) {
        this.nextToken();
        check(!hasSpread('**') && !hasSpread(token.value), token);
        const spread = new Spread(token.lineno, token.colno, this.parseExpression(), token.value);
        spreads.push(spread);
        return spread;
      }
      if (token.type === 'symbol' && this.lookIsOperator('=')) {
        this.nextToken();
        this.nextToken();
        check(!hasSpread('**'), token);
        if (keywords.some((pair) => (pair.key as InstanceType<typeof nodes.Literal>).value === token.value)) {
          this.fail(`the argument '${token.value}' is given twice`, token.lineno, token.colno);
        }
        const key = new nodes.Literal(token.lineno, token.colno, token.value);
        const pair = new nodes.Pair(token.lineno, token.colno, key, this.parseExpression());
        keywords.push(pair);
        return pair;
      }
      check(spreads.length === 0 && keywords.length === 0, token);
      const argument = this.parseExpression();
      positional.push(argument);
      return argument;
    });
    const children = [...positional, ...spreads];
    if (keywords.length > 0) children.push(new nodes.KeywordArgs(lineno, colno, keywords));
    return new nodes.NodeList(lineno, colno, children);
  }

  parseFiltersAndTests(node: Node): Node {
    let result = node;
    for (;;) {
      if (this.isOperator('|')) result = this.parseFilters(result);
      else if (this.isWord('is')) result = this.#parseTest(result);
      else if (this.isOperator('(')) result = this.#parseCall(result);
      else return result;
    }
  }

  /** `| name(…) | name2`; with `isInside` the first stands without its `|`, as in `{% filter name %}`. */
  parseFilters(node: Node, isInside = false): Node {
    let result = node;
    let isFirst = isInside;
    while (isFirst || this.skipOperator('|')) {
      isFirst = false;
      const name = this.#parseDottedName("a filter's name");
      const args = this.isOperator('(') ? this.parseArguments().children : [];
      const list = new nodes.NodeList(name.lineno, name.colno, [result, ...args]);
      result = new nodes.Filter(name.lineno, name.colno, name, list);
    }
    return result;
  }

  #parseDottedName(what: string): Node {
    const { value, lineno, colno } = this.expectName(what);
    let name = value;
    while (this.skipOperator('.')) name += `.${this.expectName().value}`;
    return new nodes.Symbol(lineno, colno, name);
  }

  #parseTest(target: Node): Node {
    this.expectWord('is');
    const isNegated = this.skipSymbol('not');
    const name = this.#parseDottedName("a test's name");
    const { lineno, colno } = name;
    let args = new nodes.NodeList(lineno, colno, []);
    if (this.isOperator('(')) args = this.parseArguments();
    else if (this.#isTestArgument()) {
      if (this.isWord('is')) this.fail("a test cannot follow a test: join them with 'and'");
      args.addChild(this.parsePostfix(this.parsePrimary()));
    }
    const node = new nodes.Is(lineno, colno, target, new nodes.FunCall(lineno, colno, name, args));
    return isNegated ? new nodes.Not(lineno, colno, node) : node;
  }

  #isTestArgument(): boolean {
    const { type, value } = this.peekToken();
    if (type === 'symbol') return value !== 'else' && value !== 'or' && value !== 'and';
    return type === 'string' || type === 'int' || type === 'float' || (type === 'operator' && /[[{]/.test(value));
  }
}
