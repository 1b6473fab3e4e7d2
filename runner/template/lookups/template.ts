import { dirname, join } from 'node:path';
import { type Dict, toText, type Value } from '../../values/index.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { text } from '../filters/support.ts';
import { textToData } from '../runtime/sink.ts';
import { templateVariables } from '../template-variables.ts';
import type { CallContext } from '../types.ts';
import { requireFile } from './files.ts';
import { readText, searchPath } from './search.ts';
import { lookupError, Options } from './support.ts';

const mark = (options: Options, name: string): string | undefined =>
  options.has(name) ? options.text(name, '') : undefined;

const givenVariables = (options: Options): Dict => {
  const given = options.value('template_vars');
  if (given === null) return new Map();
  if (!(given instanceof Map)) throw lookupError('template_vars has to be a dictionary');
  return given;
};

/** Whether what comes out stays text: without conversion, or where one among native templates is not to be native. */
export const keepsText = ({ engine }: CallContext, options: Options): boolean =>
  !options.flag('convert_data', true) || (engine.isNative === true && !options.flag('jinja2_native', false));

const render = (context: CallContext, term: Value, options: Options): Value => {
  const { engine, scope } = context;
  const file = requireFile(context, 'templates', term, 'the template file could not be found for the lookup');
  const managed = engine.setting?.('DEFAULT_MANAGED_STR');
  const rendered = engine.renderFile(readText(context, file), scope, {
    file,
    searchPath: [dirname(file), ...searchPath(context).flatMap((path) => [join(path, 'templates'), path])],
    vars: new Map([
      ...templateVariables(text(term), file, null, managed === undefined ? undefined : text(managed)),
      ...givenVariables(options),
    ]),
    variableStart: mark(options, 'variable_start_string'),
    variableEnd: mark(options, 'variable_end_string'),
    commentStart: mark(options, 'comment_start_string'),
    commentEnd: mark(options, 'comment_end_string'),
  });
  if (!options.flag('convert_data', true)) return rendered;
  const data = textToData(rendered);
  return keepsText(context, options) ? toText(data) : data;
};

/** The lookup that renders a template file. */
export const templateLookups: readonly Lookup[] = [
  defineLookup('template', (context, terms, options) =>
    terms.map((term) => render(context, term, new Options(options))),
  ),
];
