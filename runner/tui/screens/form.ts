import { type FormState, filledIn, fillField, findMistake, moveForm, requestOf, turnField } from '../app/form-state.ts';
import { inputSpans, typeKey } from '../app/line-input.ts';
import { type AppState, type Step, step } from '../app/state.ts';
import type { Size } from '../run/run-view.ts';
import { windowAround } from '../run/window.ts';
import type { FormField } from '../sources/run-request.ts';
import { fitText, widthOf } from '../text/fit-line.ts';
import { type Line, lineOf, span } from '../text/line.ts';

export const formKeys = [
  ['Enter', 'next, start'],
  ['Ctrl-R', 'start'],
  ['Space ← →', 'choose'],
  ['Esc', 'cancel'],
] as const;

/** What a key does while a form is filled in. Characters are typed, so that no key has another meaning here. */
export const onFormKey = (state: AppState, form: FormState, key: string): Step => {
  const put = (next: FormState | undefined): Step => step({ ...state, form: next });
  const field = form.fields[form.cursor];
  switch (key) {
    case 'escape':
      return put(undefined);
    case 'ctrl-r':
      return start(state, form);
    case 'enter':
      return field ? put(moveForm(form, form.cursor + 1)) : start(state, form);
    case 'tab':
    case 'down':
      return put(moveForm(form, form.cursor + 1));
    case 'shift-tab':
    case 'up':
      return put(moveForm(form, form.cursor - 1));
    case 'pageup':
      return put(moveForm(form, 0));
    case 'pagedown':
      return put(moveForm(form, form.fields.length));
  }
  if (!field) return key === ' ' ? start(state, form) : step(state);
  if (field.type === 'boolean' || field.type === 'choice') {
    if (key === ' ' || key === 'right') return put(turnField(form, field, 1));
    return key === 'left' ? put(turnField(form, field, -1)) : step(state);
  }
  const input = typeKey(form.input, key);
  return input ? put({ ...fillField(form, field, input.text), input }) : step(state);
};

const start = (state: AppState, form: FormState): Step => {
  const mistake = findMistake(form);
  if (mistake) return step({ ...state, form: { ...moveForm(form, mistake.index), problem: mistake.problem } });
  return step({ ...state, form: undefined }, { type: 'start', request: requestOf(form) });
};

/** The form, as much of it as fits around the cursor. */
export const formView = (form: FormState, { columns, rows }: Size): Line[] => {
  const width = Math.min(36, Math.max(12, ...form.fields.map((field) => widthOf(field.label) + 4)));
  const lines: { readonly line: Line; readonly field: number }[] = [];
  for (const [index, field] of form.fields.entries()) {
    const heading = headingBefore(form.fields, index);
    if (heading !== undefined) lines.push({ line: lineOf(heading, 'title'), field: -1 });
    lines.push({ line: fieldLine(form, field, index === form.cursor, width, columns), field: index });
  }
  const onButton = form.cursor === form.fields.length;
  lines.push({ line: [], field: -1 });
  lines.push({
    line: [span(onButton ? '> ' : '  ', 'plain'), span('[ Start the run ]', 'strong', onButton)],
    field: form.fields.length,
  });
  const at = lines.findIndex(({ field }) => field === form.cursor);
  const room = rows - 3;
  const { start: from, count } = windowAround(at, lines.length, room);
  const help = form.fields[form.cursor]?.help ?? 'Enter starts the run with what is filled in.';
  return [
    [span('Run ', 'faint'), span(form.playbook, 'strong')],
    ...lines.slice(from, from + count).map(({ line }) => line),
    ...Array.from({ length: Math.max(0, room - count) }, () => []),
    form.problem === undefined ? lineOf(help, 'faint') : lineOf(form.problem, 'failed'),
  ];
};

const headings = { option: 'Options', prompt: 'Questions of the plays', argument: 'Arguments of role' } as const;

/** A heading in front of the first field of its kind, and of each role. */
const headingBefore = (fields: readonly FormField[], index: number): string | undefined => {
  const field = fields[index]!;
  const before = fields[index - 1];
  if (before?.kind === field.kind && before.group === field.group) return undefined;
  return field.kind === 'argument' ? `${headings.argument} ${field.group ?? ''}` : headings[field.kind];
};

const fieldLine = (form: FormState, field: FormField, isFocused: boolean, width: number, columns: number): Line => {
  const label = `${isFocused ? '> ' : '  '}${field.label}${field.isRequired ? ' *' : ''}`;
  const head = span(fitText(label, width), isFocused ? 'strong' : 'plain');
  const value = filledIn(form, field);
  const isTyped = field.type !== 'boolean' && field.type !== 'choice';
  if (isFocused && isTyped)
    return [head, span(' '), ...inputSpans(form.input, columns - width - 1, field.type === 'secret')];
  const shown = field.type === 'secret' ? '*'.repeat([...value].length) : value;
  const text =
    field.type === 'boolean' ? `[${value === 'yes' ? 'x' : ' '}]` : field.type === 'choice' ? `< ${value} >` : shown;
  const isDefault = text === '' && columns > 0;
  return [head, span(' '), span(isDefault ? '-' : text, isDefault ? 'faint' : 'plain', isFocused)];
};
