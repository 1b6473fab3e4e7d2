import { isTrue, type Value } from '../values/index.ts';
import { readLiteral, templateError, valueError } from './python/index.ts';
import type { Syntax } from './syntax/index.ts';
import { sharedSyntax } from './syntaxes.ts';

const marker = '#jinja2:';

const texts: Readonly<Record<string, keyof Syntax>> = {
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
  line_statement_prefix: 'lineStatementPrefix',
  line_comment_prefix: 'lineCommentPrefix',
  newline_sequence: 'newlineSequence',
};

const switches: Readonly<Record<string, keyof Syntax>> = {
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  keep_trailing_newline: 'keepTrailingNewline',
};

/** The text without a first line `#jinja2: option: value, …`, and the syntax with what that line changes. */
export const readHeader = (text: string, syntax: Syntax): { readonly text: string; readonly syntax: Syntax } => {
  if (!text.startsWith(marker)) return { text, syntax };
  // Without a line end the last character is lost, as in Ansible.
  const end = text.indexOf('\n');
  const changes: Record<string, string | boolean> = {};
  for (const pair of text.slice(marker.length, end).split(',')) {
    const colon = pair.indexOf(':');
    if (colon === -1)
      throw templateError('other', `failed to parse jinja2 override '${pair.trim()}': it is no 'option: value'`);
    const name = pair.slice(0, colon).trim();
    const literal = pair.slice(colon + 1).trim();
    const value = readLiteral(literal, false);
    if (value === undefined) {
      throw valueError(`${literal} in the '#jinja2:' line is no Python literal, such as True, False or 'text'`);
    }
    setOption(changes, name, value);
  }
  return { text: text.slice(end + 1), syntax: sharedSyntax({ ...syntax, ...changes }) };
};

const setOption = (changes: Record<string, string | boolean>, name: string, value: Value): void => {
  const text = texts[name];
  if (text !== undefined && (typeof value === 'string' || value === null)) changes[text] = value ?? '';
  const flag = switches[name];
  if (flag !== undefined) changes[flag] = isTrue(value);
};
