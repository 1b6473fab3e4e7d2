import { Undefined, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { defined, iterate, truth, unpack, valueError, wholeArgument } from '../python/index.ts';
import { unescapeHtml } from './html-entities.ts';
import { isText, noItems, text } from './support.ts';
import { urlize } from './urlize.ts';

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

/** Text as HTML shows it. */
export const escapeHtml = (value: string): string => value.replace(/[&<>"']/g, (character) => references[character]!);

const stripTags = (value: string): string =>
  unescapeHtml(
    value
      .replace(/<!--.*?-->|<[^>]*>/gs, '')
      .split(/\s+/)
      .filter((word) => word !== '')
      .join(' '),
  );

// A name with any of these would end early, and begin an attribute that nobody wrote.
const attributeName = (name: string): string => {
  if (/[\s/>=]/.test(name)) throw valueError(`Invalid character in attribute name: '${name}'`);
  return name;
};

const attributes = (value: Value, autoSpace: boolean): string => {
  if (!(value instanceof Map)) throw noItems(value);
  const shown = [...value]
    .filter(([, item]) => item !== null && !(item instanceof Undefined))
    .map(([key, item]) => `${escapeHtml(attributeName(text(key)))}="${escapeHtml(text(item))}"`)
    .join(' ');
  return autoSpace && shown !== '' ? ` ${shown}` : shown;
};

/** Python's urllib.parse.quote; `safe` are characters that stay besides letters, digits and `_.-~`. */
export const quoteUrl = (value: string, safe: string): string =>
  [...Buffer.from(value)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9_.~-]/.test(character) || safe.includes(character)) return character;
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

const quoteField = (value: Value): string => quoteUrl(text(value), '').replaceAll('%20', '+');

const encodeUrl = (value: Value): string => {
  defined(value);
  if (isText(value) || !(Array.isArray(value) || value instanceof Map || value instanceof Set))
    return quoteUrl(text(value), '/');
  const pairs = value instanceof Map ? [...value] : Array.from(iterate(value), (pair) => unpack(pair, 2));
  return pairs.map(([key, item]) => `${quoteField(key!)}=${quoteField(item!)}`).join('&');
};

/** Jinja2's filters for HTML, XML and addresses. */
export const html: readonly Filter[] = [
  defineFilter('escape e', 'value', (_, value) => escapeHtml(text(value))),
  defineFilter('forceescape', 'value', (_, value) => escapeHtml(text(value))),
  defineFilter('safe', 'value', (_, value) => text(value)),
  defineFilter('striptags', 'value', (_, value) => stripTags(text(value))),
  defineFilter('xmlattr', 'd, autospace=True', (_, value, autoSpace) => attributes(value, truth(autoSpace))),
  defineFilter('urlencode', 'value', (_, value) => encodeUrl(value)),
  defineFilter(
    'urlize',
    'value, trim_url_limit=None, nofollow=False, target=None, rel=None, extra_schemes=None',
    (_, value, limit, noFollow, target, rel, schemes) =>
      urlize(text(value), {
        limit: limit === null ? undefined : wholeArgument(limit),
        rel: [...(rel === null ? [] : text(rel).split(/\s+/)), ...(truth(noFollow) ? ['nofollow'] : []), 'noopener'],
        target: target === null ? undefined : text(target),
        schemes: schemes === null ? [] : Array.from(iterate(schemes), text),
      }),
  ),
];
