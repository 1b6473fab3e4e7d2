import type { Attr, Document, Node } from '@xmldom/xmldom';
import { ModuleFailure } from '../errors/index.ts';
import { toText } from '../values/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineModule, type Plan, type ResultObject } from './define.ts';
import { noAttributes } from './shared/files/attributes.ts';
import { applyEdit, type EditState, type EditSteps, planEdit, probeEdit } from './shared/files/edit.ts';
import { makeChildren } from './shared/xml/children.ts';
import {
  childrenOf,
  essence,
  formatDocument,
  isElement,
  leadingText,
  loadXml,
  parseDocument,
  removeBlanks,
  removeWithTail,
  setLeadingText,
  type Xml,
} from './shared/xml/document.ts';
import { fullName, pathOf, Selector } from './shared/xml/select.ts';
import { setAttribute, spawn } from './shared/xml/spawn.ts';

const specs = {
  path: { type: 'path', aliases: ['dest', 'file'], doc: 'The file.' },
  xmlstring: { type: 'str', doc: 'A text to work on instead of a file; it is returned.' },
  xpath: { type: 'str', doc: 'What is meant, as an XPath expression.' },
  namespaces: { type: 'dict', default: {}, doc: 'Namespaces by the prefixes that xpath uses.' },
  state: {
    type: 'str',
    default: 'present',
    choices: ['absent', 'present'],
    aliases: ['ensure'],
    doc: 'Whether what xpath means is there.',
  },
  value: { type: 'raw', doc: 'The text of the elements, or the value of attribute.' },
  attribute: { type: 'raw', doc: 'The attribute that value is for.' },
  add_children: {
    type: 'list',
    elements: 'raw',
    doc: 'Elements to add: a name, NAME: text, or NAME with a mapping of attributes, in which _ has children.',
  },
  set_children: { type: 'list', elements: 'raw', doc: 'Elements to be the only ones in there.' },
  count: { type: 'bool', default: false, doc: 'Only tell how many there are.' },
  print_match: { type: 'bool', default: false, doc: 'Only tell where they are.' },
  pretty_print: { type: 'bool', default: false, doc: 'Indent what is written.' },
  content: { type: 'str', choices: ['attribute', 'text'], doc: 'Only tell the attributes, or the texts.' },
  input_type: { type: 'str', default: 'yaml', choices: ['xml', 'yaml'], doc: 'How children are given.' },
  backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one, with the time in its name.' },
  strip_cdata_tags: { type: 'bool', default: false, doc: 'Write text in CDATA as other text.' },
  insertbefore: { type: 'bool', default: false, doc: 'Add children in front of the first one that xpath finds.' },
  insertafter: { type: 'bool', default: false, doc: 'Add children after the last one that xpath finds.' },
} as const;

type Arguments = ArgumentsOf<typeof specs>;

interface State {
  readonly xml: Xml;
  readonly file: EditState | undefined;
}

export default defineModule({
  name: 'community.general.xml',
  summary: 'Sets, removes, counts and tells things in XML.',
  args: specs,
  requiredOneOf: [
    ['path', 'xmlstring'],
    ['add_children', 'content', 'count', 'pretty_print', 'print_match', 'set_children', 'value'],
  ],
  requiredBy: {
    add_children: ['xpath'],
    attribute: ['value'],
    content: ['xpath'],
    set_children: ['xpath'],
    value: ['xpath'],
  },
  requiredIf: [
    ['count', true, ['xpath']],
    ['print_match', true, ['xpath']],
    ['insertbefore', true, ['xpath']],
    ['insertafter', true, ['xpath']],
  ],
  mutuallyExclusive: [
    ['add_children', 'content', 'count', 'print_match', 'set_children', 'value'],
    ['path', 'xmlstring'],
    ['insertbefore', 'insertafter'],
  ],
  returns: {
    actions: 'What was asked for: xpath, namespaces and state.',
    count: 'How many there are, with count and content.',
    matches: 'What there is, with content.',
    msg: 'What was found.',
    xmlstring: 'The text afterwards, when one was given.',
    backup_file: 'Where the old file is kept, with backup.',
  },
  notes: [
    'XML is read and written on the controller, so that the host needs nothing for it; XPath is version 1.0, as in Ansible',
  ],
  supports: { check: 'full', diff: true },

  async probe(args, context): Promise<State> {
    const xml = await loadXml();
    if (args.path === undefined) return { xml, file: undefined };
    const file = await probeEdit(
      { ...noAttributes, unsafe_writes: false, path: args.path, backup: args.backup },
      context,
    );
    if (file.content === undefined) throw new ModuleFailure(`The target XML source '${args.path}' does not exist.`);
    return { xml, file };
  },

  diff({ xml, file }, args, context): Plan<EditSteps> {
    const text = file?.content?.toString() ?? args.xmlstring ?? '';
    const document = parseDocument(xml, text, `document: ${args.path ?? 'xml_string'}`);
    if (args.strip_cdata_tags) withoutCdata(document, document);
    const before = essence(xml, document);
    const was = formatDocument(xml, document, false);
    const told = args.xpath === undefined ? {} : work(args, args.xpath, document, xml);
    if (args.pretty_print) removeBlanks(document);
    const after = formatDocument(xml, document, args.pretty_print);
    const changed = args.xpath === undefined ? after !== text : essence(xml, document) !== before;
    const result = { ...told, ...(args.xmlstring !== undefined && { xmlstring: after }) };
    const diff = changed ? { before: `${was}\n`, after: `${after}\n` } : undefined;
    if (!file) return { changed, result, diff };
    const content = changed ? Buffer.from(after) : file.content;
    const plan = planEdit(
      file,
      { ...noAttributes, unsafe_writes: false, path: args.path!, backup: args.backup },
      { content, msg: '' },
      context,
    );
    return { ...plan, changed, result, diff };
  },

  async apply(plan, _args, context) {
    if (!plan.steps) return;
    const { backup } = await applyEdit(plan, context);
    return { backup_file: backup };
  },
});

/** Does in the document what is asked, and tells what there is to tell. */
const work = (args: Arguments, xpath: string, document: Document, xml: Xml): ResultObject => {
  const namespaces: Record<string, string> = Object.create(null);
  for (const [prefix, uri] of args.namespaces as ReadonlyMap<unknown, unknown>)
    namespaces[String(prefix)] = String(uri);
  const selector = new Selector(xml, namespaces);
  selector.check(xpath);
  const told: ResultObject = { actions: { xpath, namespaces: { ...namespaces }, state: args.state } };
  const mustBeNode = (): void => {
    if (selector.elements(xpath, document).length === 0) {
      throw new ModuleFailure(`Xpath ${xpath} does not reference a node!`);
    }
  };
  if (args.print_match) {
    const paths = selector.nodes(xpath, document).map(pathOf);
    return { ...told, matches: [], msg: `selector '${xpath}' match: [${paths.map((path) => `"${path}"`).join(', ')}]` };
  }
  if (args.count) {
    const count = Number(selector.evaluate(`count(/${xpath})`, document));
    return { ...told, count, msg: `found ${count} nodes` };
  }
  if (args.content !== undefined) {
    mustBeNode();
    const matches = selector.elements(xpath, document).map((element): ResultObject => {
      if (args.content === 'text') return { [fullName(element)]: leadingText(element) };
      const attributes = Array.from(element.attributes).filter(({ nodeName }) => !/^xmlns(?::|$)/.test(nodeName));
      return { [fullName(element)]: Object.fromEntries(attributes.map((one) => [fullName(one), one.value])) };
    });
    return { ...told, count: matches.length, matches, msg: matches.length };
  }
  if (args.state === 'absent') {
    for (const node of selector.nodes(xpath, document)) {
      if (isElement(node)) removeWithTail(node);
      else if (node.nodeType === 2) (node as Attr).ownerElement!.removeAttributeNode(node as Attr);
    }
    return told;
  }
  const children = (list: Arguments['add_children']) =>
    makeChildren(list ?? [], { xml, document, namespaces, isXml: args.input_type === 'xml' });
  if (args.set_children !== undefined) {
    const made = children(args.set_children);
    for (const element of selector.elements(xpath, document)) {
      for (const child of childrenOf(element)) if (isElement(child)) removeWithTail(child);
      for (const child of made) element.appendChild(child);
    }
    return told;
  }
  if (args.add_children !== undefined && args.add_children.length > 0) {
    const found = selector.elements(xpath, document);
    const made = children(args.add_children);
    if (args.insertbefore || args.insertafter) {
      const target = args.insertbefore ? found[0] : found.at(-1);
      let place = args.insertbefore ? target : target?.nextSibling;
      while (args.insertafter && place && !isElement(place)) place = place.nextSibling;
      for (const child of made) target?.parentNode?.insertBefore(child, place ?? null);
    } else for (const element of found) for (const child of made) element.appendChild(child);
    return told;
  }
  const isThere = (): boolean => {
    const found = selector.evaluate(xpath, document);
    return typeof found === 'object' ? found.length > 0 : found === true;
  };
  if (args.value === undefined || args.value === null) {
    if (!isThere()) spawn(document, xpath, selector, namespaces);
    return told;
  }
  if (selector.elements(xpath, document).length === 0 && !isThere()) spawn(document, xpath, selector, namespaces);
  mustBeNode();
  const value = toText(args.value);
  for (const element of selector.elements(xpath, document)) {
    if (args.attribute) setAttribute(element, toText(args.attribute), value, namespaces);
    else if (leadingText(element) !== value) setLeadingText(element, value);
  }
  return told;
};

/** Makes CDATA plain text. */
const withoutCdata = (node: Node, document: Document): void => {
  for (const child of childrenOf(node)) {
    if (child.nodeType === 4) node.replaceChild(document.createTextNode(child.nodeValue ?? ''), child);
    else withoutCdata(child, document);
  }
};
