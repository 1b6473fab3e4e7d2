import { formView } from '../screens/form.ts';
import { fitLines } from '../text/fit-line.ts';
import { type Line, lineOf, type Span, span } from '../text/line.ts';
import { commands } from './commands.ts';
import { inputSpans } from './line-input.ts';
import { questionLines } from './question.ts';
import { screens } from './screens.ts';
import { type AppState, screenNames } from './state.ts';
import { keysNow } from './update.ts';

/** The smallest screen that things can be found on. */
const least = { columns: 40, rows: 10 };

/** The whole screen: as many lines as it has rows, each as wide as it is. */
export const appView = (state: AppState): Line[] => {
  const { columns, rows } = state.size;
  if (columns < least.columns || rows < least.rows) {
    return fitLines([lineOf(`too small: ${least.columns}x${least.rows} is the least`)], columns, rows);
  }
  const bottom = bottomLines(state);
  const size = { columns, rows: rows - 1 - bottom.length };
  const body = state.isHelpOpen
    ? helpLines(state)
    : state.form
      ? formView(state.form, size)
      : screens[state.screen].view(state, size);
  return fitLines([titleLine(state), ...fitLines(body, columns, size.rows), ...bottom], columns, rows);
};

const titleLine = (state: AppState): Line => [
  span(' muster ', 'title'),
  ...screenNames.flatMap((name, index): Span[] => [
    span(' '),
    span(
      name === state.screen ? `[${index + 1} ${name}]` : ` ${index + 1} ${name} `,
      name === state.screen ? 'strong' : 'faint',
    ),
  ]),
];

/** What is asked or typed, a message, or the keys that matter here. */
const bottomLines = (state: AppState): Line[] => {
  const { choice, question, prompt, message, now } = state;
  if (choice) {
    const answers = [...choice.answers.map(({ key, label }) => `${key} ${label}`), 'Esc no'].join('   ');
    return [lineOf(choice.text, 'strong'), lineOf(answers)];
  }
  if (question) return [lineOf('-'.repeat(state.size.columns), 'faint'), ...questionLines(question, now, state.size)];
  if (prompt)
    return [
      [span(prompt.kind === 'filter' ? '/' : ':', 'strong'), ...inputSpans(prompt.input, state.size.columns - 1)],
    ];
  if (message) return [lineOf(message.text, message.tone)];
  const filter = screens[state.screen].filterOf?.(state) ?? '';
  const replay = state.screen === 'run' ? state.shown?.replay : undefined;
  return [
    [
      ...(filter !== '' && !state.form ? [span(`/${filter}  `, 'strong')] : []),
      ...(replay ? [span(replayText(replay), 'strong')] : []),
      span(hintText(state), 'faint'),
    ],
  ];
};

const replayText = ({ speed, isPlaying }: { speed: number; isPlaying: boolean }): string =>
  `${isPlaying ? 'playing' : 'held'} at ${speed}x   Space play   . step   + - speed   `;

const hintText = (state: AppState): string => {
  const isReplay = state.screen === 'run' && state.shown?.replay !== undefined;
  const own = keysNow(state).slice(0, isReplay ? 2 : 6);
  const common: (readonly [string, string])[] = state.form
    ? []
    : [
        ['/', 'filter'],
        [':', 'command'],
        ['?', 'help'],
        ['q', 'quit'],
      ];
  // Help comes first where there is no room for all.
  const parts = [...common.slice(2), ...own, ...common.slice(0, 2)].map(([key, what]) => `${key} ${what}`);
  let text = '';
  for (const part of parts)
    if (text.length + part.length + 3 <= state.size.columns) text += `${text === '' ? '' : '   '}${part}`;
  return text;
};

const commonKeys: readonly (readonly [string, string])[] = [
  ['j k ↑ ↓', 'down, up'],
  ['g G', 'first, last'],
  ['PgUp PgDn', 'a page'],
  ['1 … 5', 'screens'],
  ['/', 'filter'],
  ['n N', 'next, previous'],
  [':', 'command'],
  ['Enter Esc', 'in, out'],
  ['Ctrl-C', 'stop the run, or leave'],
  ['q', 'leave'],
];

const helpLines = (state: AppState): Line[] => {
  const entries = (list: readonly (readonly [string, string])[]): Line[] =>
    list.map(([key, what]) => [span(`  ${key.padEnd(14)}`, 'strong'), span(what)]);
  const left = [lineOf(`Keys of ${state.screen}`, 'title'), ...entries(screens[state.screen].keys)];
  const right = [
    lineOf('Keys everywhere', 'title'),
    ...entries(commonKeys),
    lineOf('Filters', 'title'),
    lineOf('  word !word'),
    lineOf('  host:web* task:nginx status:failed'),
  ];
  const list = [
    lineOf('Commands', 'title'),
    ...commands.map(({ names, what }): Line => [span(`  :${names[0]!.padEnd(13)}`, 'strong'), span(what)]),
  ];
  const half = Math.floor(state.size.columns / 2);
  const height = Math.max(left.length, right.length);
  const columns = fitLines(left, half, height).map((line, index) => [...line, ...(right[index] ?? [])]);
  return state.size.rows > height + list.length + 4 ? [...columns, [], ...list] : columns;
};
