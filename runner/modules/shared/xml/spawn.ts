import type { Document, Element, Node } from '@xmldom/xmldom';
import { ModuleFailure } from '../../../errors/index.ts';
import { leadingText, setLeadingText } from './document.ts';
import { makeElement, readName, type Selector } from './select.ts';

interface Step {
  /** What stands in front of the step; '' for the document. */
  readonly parent: string;
  /** An element's name, `@` and an attribute's, or '' for the text of the parent. */
  readonly name: string;
  /** What must hold of a new element: `x="1"`, `@y="2"`. */
  readonly conditions: readonly string[];
  readonly value: string | undefined;
}

const named = String.raw`@?[\w.-]+(?::[\w.-]+)?`;
const quoted = `"([^"]*)"|'([^']*)'`;
const stepPattern = new RegExp(String.raw`^(text\(\)|${named})(?:\[(.*)\])?(?:\s*=\s*(?:${quoted}))?$`, 's');

/** The last step of an expression that can be made; undefined for one that cannot. */
const lastStep = (expression: string): Step | undefined => {
  const text = expression.trim();
  const slash = lastSlash(text);
  if (slash === -1) return undefined;
  const [, name, conditions, double, single] = stepPattern.exec(text.slice(slash + 1).trim()) ?? [];
  if (name === undefined) return undefined;
  const value = double ?? single;
  if (name === 'text()' && (value === undefined || conditions !== undefined)) return undefined;
  return {
    parent: text.slice(0, slash),
    name: name === 'text()' ? '' : name,
    conditions: conditions === undefined ? [] : conditions.split(/\s+and\s+/),
    value,
  };
};

/** The last slash outside of brackets and quotes. */
const lastSlash = (text: string): number => {
  let [depth, quote, found] = [0, '', -1];
  for (const [index, character] of [...text].entries()) {
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '[') depth++;
    else if (character === ']') depth--;
    else if (character === '/' && depth === 0) found = index;
  }
  return found;
};

/** Makes what an expression asks for: elements, attributes, and their values. Throws ModuleFailure where that is not clear. */
export const spawn = (
  root: Node,
  expression: string,
  selector: Selector,
  namespaces: Readonly<Record<string, string>>,
): void => {
  const step = lastStep(expression);
  if (!step || step.parent === '') {
    throw new ModuleFailure(`Can't process Xpath ${expression} in order to spawn nodes!`);
  }
  const { parent, name, conditions, value } = step;
  if (selector.elements(parent, root).length === 0) spawn(root, parent, selector, namespaces);
  for (const element of selector.elements(parent, root)) {
    if (name === '') {
      if (leadingText(element) !== value) setLeadingText(element, value!);
    } else if (name.startsWith('@')) setAttribute(element, name.slice(1), value ?? '', namespaces);
    else {
      const made = makeElement(element.ownerDocument as Document, name, namespaces);
      if (value !== undefined) setLeadingText(made, value);
      element.appendChild(made);
      for (const condition of conditions) spawn(made, `./${condition.trim()}`, selector, namespaces);
    }
  }
};

/** Sets an attribute by its name, which may have a prefix of `namespaces`. */
export const setAttribute = (
  element: Element,
  name: string,
  value: string,
  namespaces: Readonly<Record<string, string>>,
): void => {
  const { namespace, name: qualified } = readName(name, namespaces);
  if (namespace === null) element.setAttribute(qualified, value);
  else element.setAttributeNS(namespace, qualified, value);
};
