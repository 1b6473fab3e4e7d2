import { type Dict, toText, typeName } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { intOf, templateError, typeError } from '../python/index.ts';
import { isText, text } from './support.ts';

interface Style {
  readonly decoration: string;
  readonly beginning?: string;
  readonly end?: string;
}

const styles: Readonly<Record<string, Style>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
};

const comment = (value: string, styleName: string, options: Dict): string => {
  const style = Object.hasOwn(styles, styleName) ? styles[styleName] : undefined;
  if (!style) throw templateError('key', `'${styleName}'`);
  const option = (name: string, fallback: string): string => {
    const given = options.get(name);
    return given === undefined ? fallback : toText(given);
  };
  const count = (name: string): number => {
    const given = intOf(options.get(name) ?? 1);
    if (given === undefined) throw typeError(`'${name}' has to be an integer`);
    return Math.max(0, Number(given));
  };
  const newline = option('newline', '\n');
  const decoration = option('decoration', style.decoration);
  const bare = decoration.trimEnd();
  const beginning = option('beginning', style.beginning ?? '');
  const prefix = option('prefix', bare);
  const postfix = option('postfix', bare);
  const end = option('end', style.end ?? '');

  const body = (decoration + value.replaceAll(newline, () => newline + decoration)).replaceAll(
    decoration + newline,
    () => bare + newline,
  );
  return [
    beginning === '' ? '' : beginning + newline,
    prefix === '' ? '' : (prefix === newline ? newline : prefix + newline).repeat(count('prefix_count')),
    body,
    (newline + postfix).repeat(count('postfix_count')),
    end === '' ? '' : newline + end,
  ].join('');
};

/** Ansible's filter that makes a comment of text. */
export const comments: readonly Filter[] = [
  defineFilter('comment', 'text, style="plain", **kwargs', (_, value, style, options: Dict) => {
    if (!isText(value)) throw templateError('attribute', `'${typeName(value)}' object has no attribute 'replace'`);
    return comment(text(value), text(style), options);
  }),
];
