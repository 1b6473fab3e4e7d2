import type { Attr, Element, Node } from '@xmldom/xmldom';

/** Namespaces by prefix, as they are where an element stands; '' is the one without a prefix. */
type Scope = Readonly<Record<string, string>>;

/** The text of a node: declarations of namespaces first, then attributes, as libxml2 writes them. */
export const serialize = (node: Node, scope: Scope = { xml: 'http://www.w3.org/XML/1998/namespace' }): string => {
  switch (node.nodeType) {
    case 1:
      return serializeElement(node as Element, scope);
    case 3:
      return escapeText(node.nodeValue ?? '');
    case 4:
      return `<![CDATA[${node.nodeValue ?? ''}]]>`;
    case 7:
      return `<?${node.nodeName}${node.nodeValue ? ` ${node.nodeValue}` : ''}?>`;
    case 8:
      return `<!--${node.nodeValue ?? ''}-->`;
    default:
      return '';
  }
};

const serializeElement = (element: Element, outer: Scope): string => {
  const scope: Record<string, string> = Object.assign(Object.create(null), outer);
  const declared: Record<string, string> = Object.create(null);
  const attributes: Attr[] = [];
  for (const attribute of Array.from(element.attributes)) {
    const prefix = /^xmlns(?::(.*))?$/.exec(attribute.nodeName);
    if (!prefix) attributes.push(attribute);
    else declared[prefix[1] ?? ''] = attribute.value;
  }
  Object.assign(scope, declared);
  const named = (node: Element | Attr): string => {
    const { namespaceURI, localName, nodeName } = node;
    if (!namespaceURI) return nodeName;
    const own = nodeName.includes(':') ? nodeName.slice(0, nodeName.indexOf(':')) : '';
    if (scope[own] === namespaceURI) return nodeName;
    // A prefix that is there already for the namespace, else a new declaration.
    const known = Object.keys(scope).find(
      (prefix) => scope[prefix] === namespaceURI && (prefix !== '' || node === element),
    );
    if (known === undefined) {
      declared[own] = namespaceURI;
      scope[own] = namespaceURI;
      return nodeName;
    }
    return known === '' ? (localName ?? nodeName) : `${known}:${localName ?? nodeName}`;
  };
  const name = named(element);
  const list = attributes.map((attribute) => ` ${named(attribute)}="${escapeAttribute(attribute.value)}"`);
  const namespaces = Object.entries(declared).map(
    ([prefix, uri]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`,
  );
  const open = `<${name}${namespaces.join('')}${list.join('')}`;
  const children = Array.from(element.childNodes).map((child) => serialize(child, scope));
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
};

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');

const escapeAttribute = (text: string): string =>
  escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
