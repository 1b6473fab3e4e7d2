import { ModuleFailure } from '../errors/index.ts';
import { type Dict, isTrue, toText, type Value } from '../values/index.ts';
import type { ArgumentSpec, ArgumentSpecs, ArgumentType } from './arguments.ts';
import { defineAction } from './define.ts';
import { readProblems } from './read-arguments.ts';

export default defineAction({
  name: 'ansible.builtin.validate_argument_spec',
  summary: "Checks a role's arguments against its specification.",
  args: {
    argument_spec: { type: 'dict', required: true, doc: 'The arguments by name, as in meta/argument_specs.yml.' },
    provided_arguments: { type: 'dict', doc: 'Values to check; without them the variables of these names.' },
    validate_args_context: { type: 'dict', doc: 'What is checked: for messages.' },
  },
  returns: {
    argument_errors: 'what is wrong, a list',
    argument_spec_data: 'the specification',
    validate_args_context: 'what was checked',
  },
  supports: { check: 'full', diff: false },
  onController: true,
  run: async ({ argument_spec, provided_arguments, validate_args_context }, { controller }) => {
    const specs = toSpecs(argument_spec);
    const given: Dict = new Map();
    for (const name of Object.keys(specs)) {
      const value = controller.variable(name);
      if (value !== undefined) given.set(name, value);
    }
    for (const [name, value] of provided_arguments ?? []) given.set(name, value);
    const problems = readProblems(specs, given);
    const context = { validate_args_context: validate_args_context ?? new Map() };
    if (problems.length > 0) {
      throw new ModuleFailure(`Validation of arguments failed:\n${problems.join('\n')}`, {
        ...context,
        argument_spec_data: argument_spec,
        argument_errors: problems,
      });
    }
    return { changed: false, msg: 'The arg spec validation passed', ...context };
  },
});

/** Specifications as roles write them, as those that modules are declared with. */
const toSpecs = (written: Dict): ArgumentSpecs =>
  Object.fromEntries(
    [...written].map(([name, spec]) => [toText(name), toSpec(spec instanceof Map ? spec : new Map())]),
  );

/** Ansible's types that are another one here. */
const typeOf = (written: Value | undefined): ArgumentType => {
  const name = toText(written ?? 'str');
  return name === 'jsonarg' ? 'json' : name === 'sid' ? 'str' : name === 'callable' ? 'raw' : (name as ArgumentType);
};

const toSpec = (written: Dict): ArgumentSpec => {
  const options = written.get('options');
  const choices = written.get('choices');
  const aliases = written.get('aliases');
  const fallback = written.get('default');
  return {
    type: typeOf(written.get('type')),
    doc: '',
    ...(isTrue(written.get('required') ?? false) && { required: true }),
    ...(fallback !== undefined && fallback !== null && { default: fallback as never }),
    ...(Array.isArray(choices) && { choices: choices as never }),
    ...(Array.isArray(aliases) && { aliases: aliases.map((alias: Value) => toText(alias)) }),
    ...(written.has('elements') && { elements: toText(written.get('elements')!) as ArgumentType }),
    ...(options instanceof Map && { options: toSpecs(options) }),
  };
};
