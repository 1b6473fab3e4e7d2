// biome-ignore-all lint/suspicious/noShadowRestrictedNames: these are the names that Nunjucks gives its nodes
// Nunjucks ships no types for its parser; these are the parts that the Jinja2 grammar is built on.

declare module 'nunjucks/src/nodes.js' {
  namespace nodes {
    class Node {
      constructor(lineno: number, colno: number, ...fields: unknown[]);
      readonly lineno: number;
      readonly colno: number;
      get typename(): string;
      get fields(): readonly string[];
      iterFields(visit: (value: unknown, field: string) => void): void;
    }
    class NodeList extends Node {
      readonly children: Node[];
      addChild(node: Node): void;
    }
    class Root extends NodeList {}
    class Literal extends Node {
      readonly value: unknown;
    }
    class TemplateData extends Literal {
      override readonly value: string;
    }
    class Symbol extends Node {
      readonly value: string;
    }
    class Group extends NodeList {}
    class Array extends NodeList {}
    class Dict extends NodeList {
      override readonly children: Pair[];
    }
    class KeywordArgs extends Dict {}
    class Pair extends Node {
      readonly key: Node;
      readonly value: Node;
    }
    class LookupVal extends Node {
      readonly target: Node;
      readonly val: Node;
    }
    class FunCall extends Node {
      readonly name: Node;
      readonly args: NodeList;
    }
    class Filter extends FunCall {
      override readonly name: Symbol;
    }
    class InlineIf extends Node {
      readonly cond: Node;
      readonly body: Node;
      readonly else_: Node | null;
    }
    class BinOp extends Node {
      readonly left: Node;
      readonly right: Node;
    }
    class Is extends BinOp {
      override readonly right: FunCall;
    }
    class Or extends BinOp {}
    class And extends BinOp {}
    class Add extends BinOp {}
    class Sub extends BinOp {}
    class Mul extends BinOp {}
    class Div extends BinOp {}
    class FloorDiv extends BinOp {}
    class Mod extends BinOp {}
    class Pow extends BinOp {}
    class Concat extends BinOp {}
    class Not extends Node {
      readonly target: Node;
    }
    class Neg extends Node {
      readonly target: Node;
    }
    class Pos extends Node {
      readonly target: Node;
    }
    class Compare extends Node {
      readonly expr: Node;
      readonly ops: readonly CompareOperand[];
    }
    class CompareOperand extends Node {
      readonly expr: Node;
      readonly type: string;
    }
    class Output extends NodeList {}
    class Capture extends Node {
      readonly body: NodeList;
    }
    class If extends Node {
      readonly cond: Node;
      readonly body: NodeList;
      readonly else_: NodeList | null;
    }
    class For extends Node {
      readonly arr: Node;
      readonly name: Node;
      readonly body: NodeList;
      readonly else_: NodeList | null;
    }
    class Macro extends Node {
      readonly name: Symbol;
      readonly args: NodeList;
      readonly body: NodeList;
    }
    class Import extends Node {
      readonly template: Node;
      readonly target: Symbol;
      readonly withContext: boolean;
    }
    class FromImport extends Node {
      readonly template: Node;
      readonly names: NodeList;
      readonly withContext: boolean;
    }
    class Block extends Node {
      readonly name: Symbol;
      readonly body: NodeList;
    }
    class Extends extends Node {
      readonly template: Node;
    }
    class Include extends Node {
      readonly template: Node;
      readonly ignoreMissing: boolean;
    }
    class Set extends Node {
      readonly targets: readonly Node[];
      readonly value: Node;
    }
  }
  export = nodes;
}

declare module 'nunjucks/src/parser.js' {
  import type { Node, NodeList, Root } from 'nunjucks/src/nodes.js';

  namespace parser {
    interface Token {
      readonly type: string;
      readonly value: string;
      readonly lineno: number;
      readonly colno: number;
    }
    interface Tokens {
      nextToken(): Token;
    }
    class Parser<Source extends Tokens = Tokens> {
      constructor(tokens: Source);
      readonly tokens: Source;
      breakOnBlocks: readonly string[] | null;
      nextToken(withWhitespace?: boolean): Token;
      peekToken(): Token;
      pushToken(token: Token): void;
      skip(type: string): boolean;
      skipValue(type: string, value: string): boolean;
      skipSymbol(value: string): boolean;
      expect(type: string): Token;
      error(message: string, lineno?: number, colno?: number): Error;
      fail(message: string, lineno?: number, colno?: number): never;
      parseNodes(): Node[];
      parseStatement(): Node | null;
      parseUntilBlocks(...names: string[]): NodeList;
      parse(): NodeList;
      parseAsRoot(): Root;
    }
  }
  export = parser;
}
