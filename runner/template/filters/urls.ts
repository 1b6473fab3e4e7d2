import { type Dict, typeName, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { defined, templateError, truth, typeError, valueError } from '../python/index.ts';
import { filterError, isHashable, isText, text } from './support.ts';

export interface UrlParts {
  readonly scheme: string;
  readonly netloc: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** Python's urllib.parse.urlsplit. */
export const splitUrl = (value: string): UrlParts => {
  let rest = value.replace(/^[\0-\x20]+|[\t\r\n]/g, '');
  let scheme = '';
  const named = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(rest);
  if (named) {
    scheme = named[1]!.toLowerCase();
    rest = rest.slice(named[0].length);
  }
  const location = /^\/\/([^/?#]*)/.exec(rest);
  const netloc = location?.[1] ?? '';
  rest = rest.slice(location?.[0].length ?? 0);
  if (netloc.includes('[') !== netloc.includes(']')) throw valueError('Invalid IPv6 URL');
  const [beforeFragment = '', ...fragment] = rest.split('#');
  const [path = '', ...query] = beforeFragment.split('?');
  return { scheme, netloc, path, query: query.join('?'), fragment: fragment.join('#') };
};

const portOf = (port: string): Value => {
  if (port === '') return null;
  if (!/^\d+$/.test(port)) throw valueError(`Port could not be cast to integer value as '${port}'`);
  if (Number(port) > 65535) throw valueError('Port out of range 0-65535');
  return Number(port);
};

const componentsOf = (value: string): Dict => {
  const { scheme, netloc, path, query, fragment } = splitUrl(value);
  const at = netloc.lastIndexOf('@');
  const user = at === -1 ? undefined : netloc.slice(0, at);
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(netloc.slice(at + 1)) ?? [];
  const host = (bracketed ?? plain).toLowerCase();
  const colon = user?.indexOf(':') ?? -1;
  return new Map<Value, Value>([
    ['fragment', fragment],
    ['hostname', host === '' ? null : host],
    ['netloc', netloc],
    ['password', colon === -1 ? null : user!.slice(colon + 1)],
    ['path', path],
    ['port', portOf(port)],
    ['query', query],
    ['scheme', scheme],
    ['username', user === undefined ? null : colon === -1 ? user : user.slice(0, colon)],
  ]);
};

// Python takes what is no text for bytes, and nothing at all for an empty address.
const addressOf = (value: Value): string => {
  if (isText(defined(value))) return text(value);
  if (!isHashable(value)) throw typeError(`unhashable type: '${typeName(value)}'`);
  if (!truth(value)) return '';
  throw templateError('attribute', `'${typeName(value)}' object has no attribute 'decode'`);
};

/** Ansible's filter of addresses. */
export const urls: readonly Filter[] = [
  defineFilter('urlsplit', 'value, query="", alias="urlsplit"', (_, value, query, alias) => {
    const components = componentsOf(addressOf(value));
    if (!truth(query)) return components;
    const component = components.get(text(query));
    if (component === undefined) throw filterError(`${text(alias)}: unknown URL component: ${text(query)}`);
    return component;
  }),
];
