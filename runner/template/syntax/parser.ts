import type { Token } from 'nunjucks/src/parser.js';
import type { TemplateError } from '../../errors/index.ts';
import { ExpressionParser } from './expression-parser.ts';
import { syntaxError } from './fail.ts';
import type { Lexer } from './lexer.ts';
import { NamespaceTarget, type Node, type NodeList, nodes } from './nodes.ts';
import { type Tag, tagsOf } from './tags.ts';
import { unknownName } from './token-parser.ts';

const apart = new Set(['macro', 'call', 'block']);

/** Nunjucks's parser with the statements of Jinja2. */
export class JinjaParser extends ExpressionParser {
  readonly #tags: ReadonlyMap<string, Tag>;
  /** The tags that are open, for the message about one that is never closed. */
  readonly #open: { readonly name: string; readonly line: number; readonly column: number }[] = [];

  constructor(lexer: Lexer) {
    super(lexer);
    this.#tags = tagsOf(lexer.syntax.extensions);
  }

  override parseNodes(): Node[] {
    const body: Node[] = [];
    let output: NodeList | undefined;
    const addOutput = (node: Node): void => {
      if (output === undefined) {
        output = new nodes.Output(node.lineno, node.colno, []);
        body.push(output);
      }
      output.addChild(node);
    };
    for (;;) {
      const token = this.nextToken();
      if (token.type === 'data') addOutput(new nodes.TemplateData(token.lineno, token.colno, token.value));
      else if (token.type === 'variable-start') {
        addOutput(this.parseTuple());
        if (!this.skip('variable-end')) this.unexpected(`'${this.tokens.syntax.variableEnd}'`);
      } else if (token.type === 'block-start') {
        output = undefined;
        const statement = this.parseStatement();
        if (statement === null) return body;
        body.push(statement);
        this.endTag();
      } else {
        if (this.breakOnBlocks !== null) this.#failOpen();
        return body;
      }
    }
  }

  override parseStatement(): Node | null {
    const token = this.peekToken();
    if (token.type !== 'symbol') this.unexpected("a tag's name");
    if (this.breakOnBlocks?.includes(token.value)) return null;
    const tag = this.#tags.get(token.value);
    if (tag === undefined) throw this.#unknownTag(token);
    this.nextToken();
    this.#open.push({ name: token.value, line: token.lineno, column: token.colno });
    const node = tag.call(this);
    this.#open.pop();
    return node;
  }

  #unknownTag(token: Token): TemplateError {
    const open = this.#open.at(-1);
    if (!/^(?:end\w*|else|elif)$/.test(token.value)) return unknownName('tag', token, token.value, this.#tags.keys());
    const message = open
      ? `'${token.value}' stands inside of '${open.name}' (line ${open.line + 1} of the template), which is not closed`
      : `'${token.value}' closes nothing`;
    return syntaxError(message, { line: token.lineno, column: token.colno });
  }

  /** Takes the end of a tag, unless it was taken with the body. */
  endTag(): void {
    if (!this.skip('block-end')) this.unexpected(`'${this.tokens.syntax.blockEnd}'`);
  }

  /** The end of an opening tag, then all up to one of the `ends`, whose name is taken too and returned. */
  parseBody(...ends: string[]): { body: NodeList; end: string } {
    this.skipOperator(':');
    this.endTag();
    const body = this.parseUntilBlocks(...ends);
    return { body, end: this.nextToken().value };
  }

  #failOpen(): never {
    const { name, line, column } = this.#open.at(-1)!;
    const expected = this.breakOnBlocks!.map((end) => `'${end}'`).join(' or ');
    throw syntaxError(`the tag '${name}' is never closed: expected ${expected}`, { line, column });
  }

  /** What `set`, `for` and `with` assign to: names, tuples of them and, with `isSet`, attributes of namespaces. */
  parseTarget(ends: readonly string[] = [], isSet = false): Node {
    if (isSet && this.lookIsOperator('.')) {
      const { value, lineno, colno } = this.expectName();
      this.expectOperator('.');
      return new NamespaceTarget(lineno, colno, value, this.expectName().value);
    }
    const target = this.parseTuple({ isTarget: true, ends });
    this.#checkTarget(target);
    return target;
  }

  #checkTarget(target: Node): void {
    if (target instanceof nodes.Group) for (const item of target.children) this.#checkTarget(item);
    else if (!(target instanceof nodes.Symbol)) this.fail('only names can be assigned to', target.lineno, target.colno);
  }

  parseName(what?: string): Node {
    const { type, value, lineno, colno } = this.peekToken();
    if (type === 'symbol' && /^(?:true|false|none)$/i.test(value)) this.unexpected('a name');
    this.expectName(what);
    return new nodes.Symbol(lineno, colno, value);
  }

  /** `(a, b=1)` of a macro or call: names, and pairs of a name and its default. */
  parseSignature(): NodeList {
    const { lineno, colno } = this.expectOperator('(');
    const list = new nodes.NodeList(lineno, colno, []);
    let hasDefault = false;
    while (!this.isOperator(')')) {
      if (list.children.length > 0) this.expectOperator(',');
      const name = this.parseName();
      if (this.skipOperator('=')) {
        hasDefault = true;
        list.addChild(new nodes.Pair(name.lineno, name.colno, name, this.parseExpression()));
      } else {
        if (hasDefault) this.fail('an argument without a default follows one with a default', name.lineno, name.colno);
        list.addChild(name);
      }
    }
    this.nextToken();
    return list;
  }

  /** `with context`, `without context` or nothing. */
  parseContext(byDefault: boolean): boolean {
    if (!(this.isWord('with') || this.isWord('without')) || !this.lookIsWord('context')) return byDefault;
    const { value } = this.nextToken();
    this.nextToken();
    return value === 'with';
  }

  /** Whether the tag that is being read stands inside of a loop; macros, calls and blocks are apart from it. */
  get isInLoop(): boolean {
    const around = this.#open.findLast(({ name }) => name === 'for' || apart.has(name));
    return around?.name === 'for';
  }

  /** The place of the tag that is being read. */
  get place(): readonly [line: number, column: number] {
    const { line, column } = this.#open.at(-1)!;
    return [line, column];
  }
}
