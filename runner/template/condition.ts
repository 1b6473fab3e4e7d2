import { type Origin, TemplateError } from '../errors/index.ts';
import { Template, toText, typeName, type Value } from '../values/index.ts';
import { templateError, truth } from './python/index.ts';
import { reworded } from './reword.ts';
import type { Scope } from './types.ts';

interface Tools {
  readonly scope: Scope;
  readonly render: (text: string, origin: Origin | undefined, allowsLookups: boolean) => Value;
  /** The names of the variables that a template reads. */
  readonly reads: (text: string) => ReadonlySet<string>;
}

/**
 * What `when` and its like evaluate to: nothing at all is true, a list is its last entry or the first false one, text is
 * an expression. Text with `{{ }}` is rendered first, and what that gives is the expression.
 */
export const conditionValue = (value: Value, tools: Tools, origin?: Origin): Value => {
  if (!Array.isArray(value)) return single(value, tools, origin);
  let result: Value = true;
  for (const item of value) {
    result = single(item, tools, origin);
    if (!truth(result)) return result;
  }
  return result;
};

const single = (value: Value, tools: Tools, given: Origin | undefined): Value => {
  if (value === null || value === '') return true;
  if (typeof value === 'boolean') return value;
  const origin = value instanceof Template ? (value.origin ?? given) : given;
  try {
    if (!(value instanceof Template) || !Template.needed(value.source)) {
      return typeof value === 'string' || value instanceof Template
        ? expression(toText(value), tools, origin, true)
        : value;
    }
    const rendered = tools.render(value.source, origin, true);
    if (typeof rendered !== 'string' || rendered === '') return rendered;
    if (isFromHost(value, tools, new Set())) {
      throw templateError('other', 'the condition is text that comes from a host, which is never evaluated');
    }
    return expression(rendered, tools, origin, tools.scope.isFromHost !== undefined);
  } catch (error) {
    throw error instanceof TemplateError ? named(error, toText(value)) : error;
  }
};

const named = (error: TemplateError, text: string): TemplateError => {
  const [problem] = error.problems;
  const { message: reason } = reworded(error, `error while evaluating conditional (${text}): `);
  const message = `The conditional check '${text}' failed. The error was: ${reason}`;
  return new TemplateError(error.kind, { ...problem, message }, { cause: error.cause });
};

const head = '{% if ';

const expression = (text: string, tools: Tools, origin: Origin | undefined, allowsLookups: boolean): Value => {
  const inside = origin && { ...origin, column: origin.column - head.length };
  try {
    const shown = tools.render(`${head}${text} %} True {% else %} False {% endif %}`, inside, allowsLookups);
    const answer = toText(shown).trim();
    if (answer === 'True') return true;
    if (answer === 'False') return false;
    throw templateError('other', `it is no expression, but a ${typeName(shown)}`);
  } catch (error) {
    const answer = error instanceof TemplateError && error.kind === 'undefined' ? excuse(error, text) : undefined;
    if (answer === undefined) throw error;
    return answer;
  }
};

const definedTest = /(hostvars\[.+\]|(?<!\w)\w+)\s+(not\s+is|is|is\s+not)\s+(defined|undefined)/g;

// Where the variable that is missing is asked after with `is defined`, Ansible takes that for the answer.
const excuse = (error: TemplateError, text: string): boolean | undefined => {
  const name = /'(hostvars\[.+\]|[\w_]+)' is undefined/.exec(error.message)?.[1];
  if (name === undefined) return undefined;
  for (const [, tested, logic, state] of text.matchAll(definedTest)) {
    if (tested!.replaceAll("'", '"') !== name.replaceAll("'", '"')) continue;
    const shouldExist = logic!.includes('not') !== (state === 'defined');
    return !shouldExist;
  }
  return undefined;
};

// Whether any variable that the template reads holds what a host has said.
const isFromHost = (value: Value, tools: Tools, seen: Set<string>): boolean => {
  const { scope } = tools;
  if (scope.isFromHost === undefined || !(value instanceof Template)) return false;
  for (const name of tools.reads(value.source)) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (scope.isFromHost(name)) return true;
    const raw = scope.get(name);
    if (raw instanceof Template && isFromHost(raw, tools, seen)) return true;
  }
  return false;
};
