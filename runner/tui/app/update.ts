import { formKeys, onFormKey } from '../screens/form.ts';
import { stop } from '../screens/run.ts';
import { runCommand } from './commands.ts';
import { newInput, typeKey } from './line-input.ts';
import { newList } from './list-state.ts';
import { goBack, goTo, isRunning, quit } from './navigation.ts';
import { onQuestionKey } from './question.ts';
import { screens } from './screens.ts';
import { type AppState, type ScreenName, type Step, screenNames, step } from './state.ts';

/** The screen before anything has happened. */
export const newApp = (size: AppState['size'], screen: ScreenName = 'playbooks', now = 0): AppState => ({
  size,
  now,
  screen,
  trail: [],
  isHelpOpen: false,
  prompt: undefined,
  choice: undefined,
  question: undefined,
  message: undefined,
  playbooks: newList(),
  inventory: newList(),
  variables: { of: undefined, rows: [], cursor: 0, hasFocus: false },
  history: newList(),
  schedules: newList(),
  form: undefined,
  shown: undefined,
});

/** What a key does. Whatever asks for an answer comes first, then what is typed, then the screen. */
export const onKey = (given: AppState, key: string): Step => {
  const state: AppState = given.message === undefined ? given : { ...given, message: undefined };
  if (key === 'ctrl-c') return isRunning(state) ? stop(state, state.shown!) : step(state, { type: 'quit' });
  if (state.choice) return onChoiceKey(state, key);
  if (state.question) return onQuestionKey(state, state.question, key);
  if (state.prompt) return onPromptKey(state, state.prompt, key);
  if (state.isHelpOpen) return step({ ...state, isHelpOpen: false });
  if (state.form) return onFormKey(state, state.form, key);
  return screens[state.screen].onKey(state, key) ?? onCommonKey(state, key);
};

const onCommonKey = (state: AppState, key: string): Step => {
  const screen = screens[state.screen];
  switch (key) {
    case '?':
      return step({ ...state, isHelpOpen: true });
    case ':':
      return step({ ...state, prompt: { kind: 'command', input: newInput() } });
    case '/':
      return step({ ...state, prompt: { kind: 'filter', input: newInput(screen.filterOf?.(state)) } });
    case 'q':
      return quit(state);
    case 'escape':
      if (screen.withFilter && screen.filterOf?.(state) !== '') return step(screen.withFilter(state, ''));
      return goBack(state);
  }
  const name = screenNames[Number(key) - 1];
  return name === undefined ? step(state) : goTo(state, name);
};

const onChoiceKey = (state: AppState, key: string): Step => {
  const answer = state.choice!.answers.find((one) => one.key === key);
  if (answer) return step({ ...state, choice: undefined }, ...answer.effects);
  return step(key === 'escape' || key === 'q' ? { ...state, choice: undefined } : state);
};

/** A filter holds while it is typed; Esc takes it back. */
const onPromptKey = (state: AppState, prompt: NonNullable<AppState['prompt']>, key: string): Step => {
  const { withFilter } = screens[state.screen];
  const closed: AppState = { ...state, prompt: undefined };
  if (key === 'escape') return step(prompt.kind === 'filter' && withFilter ? withFilter(closed, '') : closed);
  if (key === 'enter') return prompt.kind === 'command' ? runCommand(closed, prompt.input.text) : step(closed);
  const isEmpty = prompt.input.text === '' && (key === 'backspace' || key === 'delete');
  if (isEmpty) return step(closed);
  const input = typeKey(prompt.input, key);
  if (!input) return step(state);
  const typed: AppState = { ...state, prompt: { ...prompt, input } };
  return step(prompt.kind === 'filter' && withFilter ? withFilter(typed, input.text) : typed);
};

/** The keys that mean something now, for the bottom line. */
export const keysNow = (state: AppState): readonly (readonly [string, string])[] =>
  state.form ? formKeys : screens[state.screen].keys;
