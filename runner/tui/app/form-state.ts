import type { FormField, RunRequest } from '../sources/run-request.ts';
import { type LineInput, newInput } from './line-input.ts';

/** A form that is being filled in. */
export interface FormState {
  readonly playbook: string;
  readonly fields: readonly FormField[];
  /** What was filled in; a field that is not there has its default. */
  readonly values: ReadonlyMap<string, string>;
  /** The field under the cursor; behind the last one is the button that starts the run. */
  readonly cursor: number;
  readonly input: LineInput;
  readonly problem: string | undefined;
}

/** A form with nothing filled in, its cursor on the first field. */
export const newForm = (playbook: string, fields: readonly FormField[]): FormState =>
  moveForm({ playbook, fields, values: new Map(), cursor: 0, input: newInput(), problem: undefined }, 0);

/** Names of fields are those of variables, which the options must not get in the way of. */
const keyOf = ({ kind, name }: FormField): string => `${kind}:${name}`;

/** What a field holds: what was filled in, or its default. */
export const filledIn = (form: FormState, field: FormField): string => form.values.get(keyOf(field)) ?? field.default;

/** The cursor on another field. */
export const moveForm = (form: FormState, cursor: number): FormState => {
  const at = Math.max(0, Math.min(form.fields.length, cursor));
  const field = form.fields[at];
  return { ...form, cursor: at, input: newInput(field ? filledIn(form, field) : ''), problem: undefined };
};

/** Another value for a field. */
export const fillField = (form: FormState, field: FormField, value: string): FormState => ({
  ...form,
  values: new Map([...form.values, [keyOf(field), value]]),
  problem: undefined,
});

/** The next value of a field that has only some. */
export const turnField = (form: FormState, field: FormField, by: 1 | -1): FormState => {
  const choices = field.type === 'boolean' ? ['no', 'yes'] : (field.choices ?? []);
  const at = choices.indexOf(filledIn(form, field));
  const next = choices[(at + by + choices.length) % choices.length];
  return next === undefined ? form : fillField(form, field, next);
};

/** What is wrong with what was filled in: the first field with a mistake, and why. */
export const findMistake = (form: FormState): { readonly index: number; readonly problem: string } | undefined => {
  for (const [index, field] of form.fields.entries()) {
    const value = filledIn(form, field).trim();
    if (field.type === 'number' && value !== '' && !/^-?\d+(\.\d+)?$/.test(value)) {
      return { index, problem: `${field.label} has to be a number` };
    }
    if (field.type === 'data' && form.values.has(keyOf(field)) && value !== '' && !/^[[{]/.test(value)) {
      return { index, problem: `${field.label} has to be a list or mapping in JSON or YAML, such as ["a", "b"]` };
    }
  }
  return undefined;
};

/** The run that the form asks for. Only what was filled in is handed on, so that defaults stay where they are. */
export const requestOf = (form: FormState): RunRequest => {
  const option = (name: string): string => {
    const field = form.fields.find((one) => one.kind === 'option' && one.name === name);
    return field ? filledIn(form, field).trim() : '';
  };
  const list = (name: string): readonly string[] | undefined => (option(name) === '' ? undefined : [option(name)]);
  const filled = (kind: FormField['kind']): FormField[] =>
    form.fields.filter((field) => field.kind === kind && form.values.has(keyOf(field)) && filledIn(form, field) !== '');
  // Whoever left a default as it stands in the form has answered too.
  const prompts = form.fields.filter((field) => field.kind === 'prompt' && filledIn(form, field) !== '');
  const answers = new Map(prompts.map((field) => [field.name, filledIn(form, field)]));
  const secretVars = filled('argument').flatMap(({ type, name }) => (type === 'secret' ? [name] : []));
  const args = filled('argument').map(
    (field) => `${JSON.stringify(field.name)}: ${argumentText(field, filledIn(form, field))}`,
  );
  const extraVars = [...(args.length > 0 ? [`{${args.join(', ')}}`] : []), ...(list('extra-vars') ?? [])];
  return {
    playbooks: [form.playbook],
    inventory: list('inventory')?.[0]?.split(/\s+/),
    limit: list('limit')?.[0],
    tags: list('tags'),
    skipTags: list('skip-tags'),
    check: option('check') === 'yes',
    diff: option('diff') === 'yes',
    extraVars: extraVars.length > 0 ? extraVars : undefined,
    answers: answers.size > 0 ? answers : undefined,
    secretVars: secretVars.length > 0 ? secretVars : undefined,
  };
};

/** A value as YAML in one line: lists and mappings as they were typed, anything else as text where it is no number. */
const argumentText = ({ type }: FormField, value: string): string => {
  if (type === 'boolean') return value === 'yes' ? 'true' : 'false';
  return type === 'number' || type === 'data' ? value.trim() : JSON.stringify(value);
};
