import type { Document, Element, Node } from '@xmldom/xmldom';
import { ModuleFailure } from '../../../errors/index.ts';
import { serialize } from './serialize.ts';

/** What the two libraries offer, read in when XML is needed. */
export interface Xml {
  readonly dom: typeof import('@xmldom/xmldom');
  /** Makes what finds things, for prefixes of namespaces. */
  readonly finderFor: typeof import('xpath').useNamespaces;
  /** Reads an expression; throws what is wrong with it. */
  readonly parse: (expression: string) => unknown;
}

/** Reads the libraries in, which takes too long to be done by tasks that need no XML. */
export const loadXml = async (): Promise<Xml> => {
  const [dom, xpath] = await Promise.all([import('@xmldom/xmldom'), import('xpath')]);
  // Its types leave out what reads expressions.
  const library = ('default' in xpath ? xpath.default : xpath) as typeof import('xpath') & Pick<Xml, 'parse'>;
  return { dom, finderFor: library.useNamespaces, parse: library.parse };
};

/** Parses a document. Throws ModuleFailure that says why it cannot be. */
export const parseDocument = ({ dom }: Xml, text: string, what: string): Document => {
  const fail = (reason: string): never => {
    throw new ModuleFailure(`Error while parsing ${what} (${reason})`);
  };
  const parser = new dom.DOMParser({
    onError: (level, message) => {
      if (level !== 'warning') fail(message.split('\n')[0]!);
    },
  });
  let document: Document;
  try {
    document = parser.parseFromString(text.replace(/^\ufeff/, ''), 'text/xml');
  } catch (error) {
    if (error instanceof ModuleFailure) throw error;
    return fail((error as Error).message.split('\n')[0]!);
  }
  return document.documentElement ? document : fail('there is no element in it');
};

export const isElement = (node: Node): node is Element => node.nodeType === 1;

/** Text, with or without CDATA around it. */
const isText = (node: Node): boolean => node.nodeType === 3 || node.nodeType === 4;

export const childrenOf = (node: Node): Node[] => Array.from(node.childNodes);

/** The text in front of the first child that is no text; null when there is none. */
export const leadingText = (element: Element): string | null => {
  const texts: string[] = [];
  for (const child of childrenOf(element)) {
    if (!isText(child)) break;
    texts.push(child.nodeValue ?? '');
  }
  return texts.length > 0 ? texts.join('') : null;
};

/** Replaces the text in front of the first child; an empty one removes it. */
export const setLeadingText = (element: Element, text: string): void => {
  while (element.firstChild && isText(element.firstChild)) element.removeChild(element.firstChild);
  if (text !== '') element.insertBefore(element.ownerDocument!.createTextNode(text), element.firstChild);
};

/** Takes an element out, with the text that comes after it, which counts as its own. */
export const removeWithTail = (element: Element): void => {
  const parent = element.parentNode;
  if (!parent) return;
  while (element.nextSibling && isText(element.nextSibling)) parent.removeChild(element.nextSibling);
  parent.removeChild(element);
};

/** Removes text that is only blank, where an element has other children. */
export const removeBlanks = (node: Node): void => {
  const children = childrenOf(node);
  const isBlank = (child: Node): boolean => child.nodeType === 3 && (child.nodeValue ?? '').trim() === '';
  const hasOthers = children.some((child) => !isText(child));
  const hasWords = children.some((child) => isText(child) && !isBlank(child));
  for (const child of children) {
    if (isBlank(child) && hasOthers && !hasWords) node.removeChild(child);
    else removeBlanks(child);
  }
};

/** Puts every element on a line of its own, two blanks deeper than the one around it, unless there is text beside it. */
const indent = (node: Element, depth: number): void => {
  const children = childrenOf(node);
  if (children.length === 0 || children.some(isText)) return;
  const document = node.ownerDocument!;
  for (const child of children) {
    node.insertBefore(document.createTextNode(`\n${'  '.repeat(depth + 1)}`), child);
    if (isElement(child)) indent(child, depth + 1);
  }
  node.appendChild(document.createTextNode(`\n${'  '.repeat(depth)}`));
};

/** The text of a document, with a declaration. */
export const formatDocument = ({ dom }: Xml, document: Document, isPretty: boolean): string => {
  const shown = document.cloneNode(true) as Document;
  if (isPretty) indent(shown.documentElement!, 0);
  const parts = childrenOf(shown)
    .filter((child) => !isText(child) && !(child.nodeType === 7 && child.nodeName === 'xml'))
    .map((child) =>
      child.nodeType === 10 ? `${new dom.XMLSerializer().serializeToString(child)}\n` : serialize(child),
    );
  const separator = isPretty ? '\n' : '';
  return `<?xml version='1.0' encoding='UTF-8'?>\n${parts.join(separator)}${separator}`;
};

/** All that matters of a document: what is compared. */
export const essence = (xml: Xml, document: Document): string => {
  const copy = document.cloneNode(true) as Document;
  removeBlanks(copy);
  return formatDocument(xml, copy, false);
};
