import { MusterError, type Origin } from '../errors/index.ts';
import { type Dict, Template, textOf, toText, type Value } from '../values/index.ts';
import { kindOf } from './check-value.ts';
import { type KeyValues, parseKeyValues, splitArguments } from './key-value.ts';
import { hasCommandArgument, isCommand, takesText } from './loader-actions.ts';
import { isTemplate } from './templates.ts';
import { copyOrigins } from './yaml/index.ts';

/** A task's arguments in the form that the tree has them. */
export interface TaskArguments {
  readonly args: Dict;
  readonly variableArgs: Value | undefined;
  readonly freeForm: Value | undefined;
}

const mistake = (
  message: string,
  origin: Origin | undefined,
  rest: { expected?: string; hint?: string } = {},
): MusterError => new MusterError({ message, origin, ...rest });

/** What stands behind a module's name, with `args:` below it. Throws a MusterError. */
export const readArguments = (
  action: string,
  value: Value,
  further: Value | undefined,
  origin: Origin,
): TaskArguments => {
  const given = readGiven(action, value, origin);
  return combine(action, given, further, origin);
};

interface Given {
  readonly args: Dict;
  readonly raw: Value | undefined;
}

const readGiven = (action: string, value: Value, origin: Origin): Given => {
  if (value === null) return { args: new Map(), raw: undefined };
  if (value instanceof Map) return { args: value, raw: undefined };
  const text = textOf(value);
  if (text === undefined) {
    throw mistake(`the arguments of '${action}' are ${kindOf(value)}`, origin, { expected: 'a mapping, or text' });
  }
  return fromText(action, text, value);
};

/** Key=value text; what it is made of may still hold templates when the text did. */
const fromText = (action: string, text: string, source: Value): Given => {
  const parsed: KeyValues = parseKeyValues(text, isCommand(action));
  const wrap = (part: string): Value => (source instanceof Template ? Template.of(part, source.origin) : part);
  const args: Dict = new Map();
  for (const [key, item] of parsed.options) args.set(key, wrap(item));
  return { args, raw: parsed.raw === undefined ? undefined : wrap(parsed.raw) };
};

const combine = (action: string, given: Given, further: Value | undefined, origin: Origin): TaskArguments => {
  let variableArgs: Value | undefined;
  const args: Dict = new Map();
  if (further instanceof Map) for (const [key, item] of further) args.set(key, item);
  else if (isTemplate(further)) variableArgs = further;
  else if (further !== undefined && further !== null) {
    throw mistake(`'args' is ${kindOf(further)}`, origin, {
      expected: 'a mapping, or one template that gives a mapping',
    });
  }
  for (const [key, item] of given.args) args.set(key, item);
  copyOrigins(given.args.size === 0 && further instanceof Map ? further : given.args, args);
  let freeForm = given.raw ?? takeRawParameters(args);
  for (const key of args.keys()) {
    if (typeof key === 'string' && key.startsWith('_ansible_') && !isCommand(action)) {
      throw mistake(`'${key}' cannot be an argument of '${action}'`, origin);
    }
  }
  if (hasCommandArgument(action) && args.has('cmd')) {
    if (freeForm !== undefined)
      throw mistake(`'${action}' has both text and 'cmd'`, origin, { expected: 'one of the two' });
    freeForm = args.get('cmd') ?? undefined;
    args.delete('cmd');
  }
  if (freeForm !== undefined && toTextOf(freeForm) !== '' && !takesText(action)) {
    if (!isTemplate(freeForm)) throw unexpectedText(action, toTextOf(freeForm), origin);
    variableArgs = freeForm;
    freeForm = undefined;
  }
  return { args: withTemplateKeys(args), variableArgs, freeForm };
};

/** `_raw_params`, the name that Ansible itself has for the text. */
const takeRawParameters = (args: Dict): Value | undefined => {
  const raw = args.get('_raw_params');
  args.delete('_raw_params');
  return raw ?? undefined;
};

const toTextOf = (value: Value): string => textOf(value) ?? toText(value);

const unexpectedText = (action: string, text: string, origin: Origin): MusterError => {
  const colon = /^(\w+):\s/.exec(text);
  return mistake(`'${action}' takes no free text, but has '${text.trim().slice(0, 60)}'`, origin, {
    expected: 'arguments as a mapping, or as key=value words',
    hint: colon ? `put '${colon[1]}' on a line of its own below '${action}:'` : 'quote values that hold spaces',
  });
};

/** Keys of arguments that hold an expression, for set_fact and its kind, which render them. */
const withTemplateKeys = (args: Dict): Dict => {
  if (![...args.keys()].some((key) => typeof key === 'string' && Template.needed(key))) return args;
  return new Map([...args].map(([key, item]) => [typeof key === 'string' ? Template.of(key) : key, item]));
};

/** What `action:` and `local_action:` say: the module's name, and its arguments in any of their forms. */
export interface ActionStatement {
  readonly action: string;
  readonly template: Template | undefined;
  readonly arguments: TaskArguments;
}

/** Reads `action: copy src=a`, or a mapping with `module`. Throws a MusterError. */
export const readActionStatement = (value: Value, further: Value | undefined, origin: Origin): ActionStatement => {
  const isMapping = value instanceof Map;
  const source = isMapping ? value.get('module') : value;
  const text = source === undefined ? undefined : textOf(source);
  if (text === undefined || text.trim() === '') {
    throw mistake(`'action' is ${kindOf(value)}`, origin, {
      expected: "a module's name with its arguments, or a mapping with 'module'",
    });
  }
  const [first = '', ...rest] = splitArguments(text);
  const action = first.trim();
  const given = fromText(action, rest.join(' '), source!);
  if (!isMapping) return statement(action, source!, combine(action, given, further, origin));
  const args: Dict = new Map(value);
  args.delete('module');
  // Below `action:` there may stand `args:` again, as a mapping or as text.
  const nested = args.get('args');
  args.delete('args');
  if (nested instanceof Map) for (const [key, item] of nested) args.set(key, item);
  else if (nested !== undefined && textOf(nested) !== undefined) {
    for (const [key, item] of fromText(action, textOf(nested)!, nested).args) args.set(key, item);
  }
  for (const [key, item] of given.args) args.set(key, item);
  return statement(action, source!, combine(action, { args, raw: given.raw }, further, origin));
};

const statement = (action: string, source: Value, args: TaskArguments): ActionStatement => ({
  action,
  template: source instanceof Template && Template.needed(action) ? new Template(action, source.origin) : undefined,
  arguments: args,
});
