// The syntax of Jinja2: Nunjucks's parser and nodes, with the parts of the grammar that Nunjucks lacks.
import type nunjucks from 'nunjucks/src/nodes.js';
import { Lexer } from './lexer.ts';
import { JinjaParser } from './parser.ts';
import type { Syntax } from './settings.ts';

export { syntaxError } from './fail.ts';
export * from './nodes.ts';
export * from './settings.ts';
export { unknownMessage, unknownName } from './token-parser.ts';

/** Parses a template. Throws a TemplateError of kind `syntax`. */
export const parse = (source: string, syntax: Syntax): nunjucks.Root =>
  new JinjaParser(new Lexer(source, syntax)).parseAsRoot();
