import { didYouMean, ModuleFailure, nearest } from '../errors/index.ts';
import { type Dict, isEqual, markText, textMark, toText, type Value } from '../values/index.ts';
import type { ArgumentRules, ArgumentSpec, ArgumentSpecs, ArgumentsOf } from './arguments.ts';
import { ConversionError, convertArgument, readBoolean } from './convert-argument.ts';
import type { ModuleSpec } from './define.ts';
import { checkRules } from './rules.ts';

/** A mistake in a task's arguments; `argument` tells which one, where it is about one that was given. */
export interface ArgumentProblem {
  readonly message: string;
  readonly argument?: string | undefined;
  readonly hint?: string | undefined;
  /** The module has no argument of that name; `meant` is the one that is near. */
  readonly isUnknown?: true;
  readonly meant?: string | undefined;
  /** The argument that is required and not there. */
  readonly missing?: string;
}

/**
 * Checks and converts a task's rendered arguments by the module's specs. `extra` holds those that no spec names, for
 * modules that take any. Throws ModuleFailure with all mistakes.
 */
export const readArguments = <S extends ArgumentSpecs>(
  module: ModuleSpec<S>,
  given: Dict,
): { values: ArgumentsOf<S>; extra: Dict } => {
  const { values, extra, problems } = convertArguments(module, given, () => false);
  if (problems.length > 0) {
    const hints = problems.flatMap(({ hint }) => hint ?? []);
    const unknown = problems.filter(({ isUnknown }) => isUnknown).map(({ argument }) => argument!);
    const others = messagesOf(problems.filter(({ isUnknown }) => !isUnknown));
    const parts = [...(unknown.length > 0 ? [unknownArguments(module, unknown)] : []), ...others, ...hints];
    throw new ModuleFailure(
      parts.map((part, index) => (index < parts.length - 1 ? part.replace(/\.$/, '') : part)).join('. '),
    );
  }
  return { values: values as ArgumentsOf<S>, extra };
};

/** The mistakes that can be seen before anything is rendered: a value for which `isOpen` holds is not judged. */
export const checkArguments = (
  module: ModuleSpec<ArgumentSpecs>,
  given: Dict,
  isOpen: (value: Value) => boolean,
): readonly ArgumentProblem[] => convertArguments(module, given, isOpen).problems;

/** What is wrong with values for some specs; values that no spec names are let through. */
export const readProblems = (specs: ArgumentSpecs, given: Dict): string[] => {
  const problems: ArgumentProblem[] = [];
  convertLevel(specs, {}, given, { isOpen: () => false, problems, inside: '' });
  // Of text for a mapping with arguments of its own Ansible says more.
  const more = problems.flatMap(({ message, argument = '' }) => {
    const reason = /unable to convert to dict: (.*)$/.exec(message)?.[1];
    return reason === undefined || !specs[argument]?.options
      ? []
      : [`value of '${argument}' must be of type dict or list of dicts`, reason];
  });
  return [...messagesOf(problems).map((message) => message.replace(nestedOpening, '')), ...more];
};

const nestedOpening = 'Unsupported parameters: ';

/** What is missing is told in one message for each level. */
const messagesOf = (problems: readonly ArgumentProblem[]): string[] => {
  const missing = new Map<string, string[]>();
  const messages: string[] = [];
  for (const { message, missing: name } of problems) {
    if (name === undefined || !message.startsWith(missingOpening)) {
      messages.push(message);
      continue;
    }
    const level = message.slice(missingOpening.length + name.length);
    missing.set(level, [...(missing.get(level) ?? []), name]);
  }
  const ofLevels = [...missing].map(([level, names]) => missingOpening + names.toSorted().join(', ') + level);
  return [...new Set([...ofLevels, ...messages])];
};

const missingOpening = 'missing required arguments: ';

interface Converted {
  readonly values: Record<string, unknown>;
  readonly extra: Dict;
  readonly problems: readonly ArgumentProblem[];
}

const convertArguments = (
  module: ModuleSpec<ArgumentSpecs>,
  given: Dict,
  isOpen: (value: Value) => boolean,
): Converted => {
  const extra: Dict = new Map();
  const problems: ArgumentProblem[] = [];
  const { values, unknown } = convertLevel(module.args, module, given, { isOpen, problems, inside: '' });
  for (const [name, value] of unknown) {
    if (module.takesAnyArgument) {
      extra.set(name, value);
      markText(extra, name, textMark(given, name));
    } else {
      problems.push({
        message: unknownArguments(module, [toText(name)]),
        argument: toText(name),
        hint: didYouMean(toText(name), Object.keys(module.args)),
        isUnknown: true,
        meant: nearest(toText(name), Object.keys(module.args)),
      });
    }
  }
  return { values, extra, problems };
};

// Ansible runs these on the controller, where it has words of its own for what it does not know.
const controllerModules = new Set('assert debug fail group_by reboot set_stats wait_for_connection'.split(' '));

const unknownArguments = (module: ModuleSpec<ArgumentSpecs>, names: readonly string[]): string => {
  const short = module.name.replace(/^ansible\.builtin\./, '');
  const sorted = names.toSorted();
  if (controllerModules.has(short)) return `Invalid options for ${short}: ${sorted.join(',')}`;
  return `Unsupported parameters for (${short}) module: ${sorted.join(', ')}. Supported parameters include: ${supportedNames(module.args)}.`;
};

const supportedNames = (specs: ArgumentSpecs): string =>
  Object.entries(specs)
    .map(([name, { aliases }]) => (aliases && aliases.length > 0 ? `${name} (${aliases.join(', ')})` : name))
    .sort()
    .join(', ');

/** Where values are converted, and how. */
interface Conversion {
  /** Whether a value is not known yet, and is not to be judged. */
  readonly isOpen: (value: Value) => boolean;
  /** What was found wrong, on all levels. */
  readonly problems: ArgumentProblem[];
  /** For messages: ` found in a -> b`, or nothing for a module's own arguments. */
  readonly inside: string;
}

/** Converts the arguments of one level: a module's own, or those inside a dict that has `options`. */
const convertLevel = (
  specs: ArgumentSpecs,
  rules: ArgumentRules,
  given: Dict,
  conversion: Conversion,
): { values: Record<string, unknown>; unknown: readonly [Value, Value][] } => {
  const { isOpen, problems, inside } = conversion;
  const values: Record<string, unknown> = {};
  const present = new Set<string>();
  const used = new Set<Value>();
  let hasOpen = false;
  for (const [name, spec] of Object.entries(specs)) {
    const key = [name, ...(spec.aliases ?? [])].find((candidate) => given.has(candidate));
    for (const alias of [name, ...(spec.aliases ?? [])]) used.add(alias);
    const value = key === undefined ? null : given.get(key)!;
    if (value === null && key !== undefined && spec.keepsNull) {
      present.add(name);
      values[name] = null;
      continue;
    }
    if (value === null) {
      values[name] = spec.default === undefined ? undefined : defaultValue(spec);
      if (spec.required && key === undefined)
        problems.push({
          message: spec.whenMissing ?? `${missingOpening}${name}${inside}`,
          missing: name,
        });
      continue;
    }
    present.add(name);
    if (spec.unsupported !== undefined) {
      problems.push({ message: `${name}${inside} is not supported: ${spec.unsupported}`, argument: key });
    } else if (isOpen(value)) {
      hasOpen = true;
    } else {
      values[name] = convertOne(name, spec, value, conversion, key);
    }
  }
  // A rule may hang on a value that is not known yet.
  if (!hasOpen) problems.push(...checkRules(rules, present, values, inside));
  return { values, unknown: [...given].filter(([key]) => !used.has(key)) };
};

const defaultValue = ({ default: given }: ArgumentSpec): unknown => {
  if (Array.isArray(given)) return [...given];
  return given !== null && typeof given === 'object' ? new Map(Object.entries(given)) : given;
};

const convertOne = (
  name: string,
  spec: ArgumentSpec,
  value: Value,
  conversion: Conversion,
  argument: string | undefined,
): unknown => {
  const { isOpen, problems, inside } = conversion;
  const report = (message: string, hint?: string): undefined => {
    problems.push({ message, argument, hint });
  };
  let converted: Value;
  try {
    converted = convertArgument(value, spec.type);
    if (spec.type === 'list' && spec.elements) {
      converted = (converted as Value[]).map((item) => (isOpen(item) ? item : convertArgument(item, spec.elements!)));
    }
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    const place = inside.replace(/^ found in (.*)$/, " found in '$1'.");
    return report(
      `argument '${name}' is of type ${error.given}${place} and we were unable to convert to ${error.wanted}: ${error.message}`,
    );
  }
  if (spec.choices) {
    const chosen = Array.isArray(converted)
      ? converted.map((item) => choose(spec.choices!, item))
      : choose(spec.choices, converted);
    if (chosen === undefined || (Array.isArray(chosen) && chosen.includes(undefined))) {
      const shown = Array.isArray(converted)
        ? `one or more of: ${spec.choices.join(', ')}`
        : `one of: ${spec.choices.join(', ')}`;
      return report(
        `value of ${name} must be ${shown}, got: ${toText(converted)}${inside}`,
        didYouMean(toText(converted), spec.choices.map(String)),
      );
    }
    return chosen;
  }
  if (spec.options) return convertOptions(name, spec, converted, conversion);
  return converted;
};

/** The choice that a value means: YAML's yes and no may have become booleans on the way. */
const choose = (
  choices: readonly (string | number | boolean)[],
  value: Value,
): string | number | boolean | undefined => {
  const same = choices.find((choice) => isEqual(choice, value));
  if (same !== undefined) return same;
  if (value !== 'True' && value !== 'False' && typeof value !== 'boolean') return undefined;
  const truth = value === true || value === 'True';
  const meant = choices.filter((choice) => typeof choice === 'string' && readBoolean(choice) === truth);
  return meant.length === 1 ? meant[0] : undefined;
};

const convertOptions = (name: string, spec: ArgumentSpec, value: Value, conversion: Conversion): unknown => {
  const { problems, inside } = conversion;
  const place = inside === '' ? ` found in ${name}` : `${inside} -> ${name}`;
  const convert = (item: Value): unknown => {
    if (!(item instanceof Map)) {
      problems.push({ message: `argument '${name}'${inside} must be a mapping`, argument: name });
      return undefined;
    }
    const { values, unknown } = convertLevel(spec.options!, {}, item, { ...conversion, inside: place });
    for (const [key] of unknown) {
      problems.push({
        message: `${nestedOpening}${place.slice(' found in '.length).split(' -> ').join('.')}.${toText(key)}. Supported parameters include: ${supportedNames(spec.options!)}.`,
        argument: name,
        hint: didYouMean(toText(key), Object.keys(spec.options!)),
      });
    }
    return values;
  };
  return Array.isArray(value) ? value.map(convert) : convert(value);
};
