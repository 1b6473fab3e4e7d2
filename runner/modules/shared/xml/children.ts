import type { Document, Element } from '@xmldom/xmldom';
import { ModuleFailure } from '../../../errors/index.ts';
import { toText, type Value } from '../../../values/index.ts';
import { parseDocument, setLeadingText, type Xml } from './document.ts';
import { makeElement } from './select.ts';
import { setAttribute } from './spawn.ts';

export interface ChildOptions {
  readonly xml: Xml;
  readonly document: Document;
  readonly namespaces: Readonly<Record<string, string>>;
  /** Children are given as texts of XML, and not as names and mappings. */
  readonly isXml: boolean;
}

/**
 * Elements from what a task gives: a name, a mapping of a name to its text, or of a name to its attributes, among which `_`
 * has the children.
 */
export const makeChildren = (children: readonly Value[], options: ChildOptions): Element[] =>
  children.map((child) => makeChild(child, options));

const makeChild = (child: Value, options: ChildOptions): Element => {
  const { xml, document, namespaces, isXml } = options;
  if (isXml) {
    const parsed = parseDocument(xml, toText(child), 'child element:');
    return document.importNode(parsed.documentElement!, true) as Element;
  }
  if (typeof child === 'string') return makeElement(document, child, namespaces);
  if (!(child instanceof Map)) {
    throw new ModuleFailure('Invalid child type. Children must be either strings or hashes.');
  }
  if (child.size !== 1) throw new ModuleFailure('Can only create children from hashes with one key');
  const [[name, content]] = [...child] as [[Value, Value]];
  const element = makeElement(document, toText(name), namespaces);
  if (!(content instanceof Map)) {
    if (content !== null) setLeadingText(element, toText(content));
    return element;
  }
  for (const [key, value] of content) {
    if (key !== '_') setAttribute(element, toText(key), toText(value), namespaces);
    else if (!Array.isArray(value)) throw new ModuleFailure('Invalid children type, must be list.');
    else for (const inner of makeChildren(value, { ...options, isXml: false })) element.appendChild(inner);
  }
  return element;
};
