import type { Document, Element, Node } from '@xmldom/xmldom';
import { ModuleFailure } from '../../../errors/index.ts';
import { isElement, type Xml } from './document.ts';

export type Found = readonly Node[] | string | number | boolean;

/** Finds things in a document by an expression of XPath; prefixes mean `namespaces`. */
export class Selector {
  readonly #select: (expression: string, node: Node) => Found;
  readonly #parse: (expression: string) => unknown;

  constructor({ finderFor, parse }: Xml, namespaces: Readonly<Record<string, string>>) {
    const select = finderFor({ ...namespaces });
    this.#parse = parse;
    this.#select = (expression, node) => select(expression, node as never) as never;
  }

  /** What an expression gives. Throws ModuleFailure for one that is wrong. */
  evaluate(expression: string, node: Node): Found {
    try {
      return this.#select(expression, node);
    } catch (error) {
      throw new ModuleFailure(`Xpath ${expression} causes a failure: ${(error as Error).message.split('\n')[0]}`);
    }
  }

  /** Throws ModuleFailure for an expression that cannot be read. */
  check(expression: string): void {
    try {
      this.#parse(expression);
    } catch (error) {
      const reason = (error as Error).message.split('\n')[0]!;
      throw new ModuleFailure(`Syntax error in xpath expression: ${expression} (${reason})`);
    }
  }

  nodes(expression: string, node: Node): readonly Node[] {
    const found = this.evaluate(expression, node);
    return typeof found === 'object' ? found : [];
  }

  elements(expression: string, node: Node): Element[] {
    return this.nodes(expression, node).filter(isElement);
  }
}

/** The path of an element: its names from the root on, numbered where there are several of a name. */
export const pathOf = (node: Node): string => {
  if (node.nodeType === 2) {
    const { ownerElement, nodeName } = node as Node & { ownerElement: Element };
    return `${pathOf(ownerElement)}/@${nodeName}`;
  }
  const parent = node.parentNode;
  if (!parent || !isElement(node)) return parent ? pathOf(parent) : '';
  const same = Array.from(parent.childNodes).filter((other) => isElement(other) && other.nodeName === node.nodeName);
  const number = same.length > 1 ? `[${same.indexOf(node) + 1}]` : '';
  return `${pathOf(parent)}/${node.nodeName}${number}`;
};

/** A name with its namespace, as `{namespace}name`. */
export const fullName = ({ namespaceURI, localName, nodeName }: Node): string =>
  namespaceURI ? `{${namespaceURI}}${localName ?? nodeName}` : nodeName;

/** The name that `prefix:name` or `{namespace}name` means. */
export const readName = (
  name: string,
  namespaces: Readonly<Record<string, string>>,
): { namespace: string | null; name: string } => {
  const [, namespace, local] = /^\{(.*)\}(.+)$/.exec(name) ?? [];
  if (local !== undefined) return { namespace: namespace || null, name: local };
  const prefix = /^([^:]+):(?!$)/.exec(name)?.[1];
  if (prefix === undefined) return { namespace: null, name };
  if (!Object.hasOwn(namespaces, prefix))
    throw new ModuleFailure(`the namespace prefix '${prefix}' is not in namespaces`);
  return { namespace: namespaces[prefix]!, name };
};

/** An element by its name, which may have a prefix of `namespaces`. Throws ModuleFailure for one that is no name. */
export const makeElement = (
  document: Document,
  name: string,
  namespaces: Readonly<Record<string, string>>,
): Element => {
  const { namespace, name: qualified } = readName(name, namespaces);
  if (!/^[\p{L}_][\p{L}\p{N}_.:-]*$/u.test(qualified)) throw new ModuleFailure(`Invalid tag name '${name}'`);
  return namespace === null ? document.createElement(qualified) : document.createElementNS(namespace, qualified);
};
