import { wrap } from '../../output/fit.ts';
import { safeText } from '../../output/safe-text.ts';
import type { Size } from '../run/run-view.ts';
import type { PendingQuestion } from '../sources/services.ts';
import { widthOf } from '../text/fit-line.ts';
import { type Line, lineOf, span } from '../text/line.ts';
import { inputSpans, newInput, typeKey } from './line-input.ts';
import { type AppState, type Step, say, step } from './state.ts';

type Asking = NonNullable<AppState['question']>;

/** A question that came up, with nothing typed yet. */
export const withQuestion = (state: AppState, asked: PendingQuestion | undefined): AppState => ({
  ...state,
  question: asked && { asked, input: newInput() },
});

/** What a key does while something is asked. */
export const onQuestionKey = (state: AppState, question: Asking, key: string): Step => {
  const { asked, input, first } = question;
  if (asked.kind === 'pause' && asked.until !== undefined) return onTimedPauseKey(state, key);
  if (key === 'escape') return step({ ...state, question: undefined }, { type: 'answer', text: undefined });
  if (key !== 'enter') {
    const typed = typeKey(input, key);
    return step(typed ? { ...state, question: { ...question, input: typed } } : state);
  }
  if (asked.confirm && first === undefined) {
    return step({ ...state, question: { ...question, input: newInput(), first: input.text } });
  }
  if (first !== undefined && first !== input.text) {
    return step(
      say({ ...state, question: { asked, input: newInput() } }, 'the two are not the same; type it again', 'failed'),
    );
  }
  const text = input.text === '' ? (asked.default ?? '') : input.text;
  return step({ ...state, question: undefined }, { type: 'answer', text });
};

const onTimedPauseKey = (state: AppState, key: string): Step => {
  const closed: AppState = { ...state, question: undefined };
  if (key === 'c' || key === 'C' || key === 'enter') return step(closed, { type: 'answer', text: '' });
  return key === 'a' || key === 'A' ? step(closed, { type: 'answer', text: undefined }) : step(state);
};

/** A question as lines: what was said before it, the question, what is typed. */
export const questionLines = ({ asked, input, first }: Asking, now: number, { columns, rows }: Size): Line[] => {
  const said = asked.said.slice(-12).flatMap((text) => text.split('\n').map((line) => lineOf(line)));
  const suffix = asked.default === undefined || asked.isSecret ? '' : ` [${asked.default}]`;
  const text = wrap(safeText(`${first === undefined ? '' : 'again: '}${asked.text}${suffix}`), columns, 0).split('\n');
  // What is asked for stands at the end of a long text.
  const shown = text.slice(-Math.max(1, Math.floor(rows / 3)));
  if (asked.until !== undefined) {
    const left = Math.max(0, Math.ceil((asked.until - now) / 1000));
    return [
      ...said,
      ...shown.map((line) => lineOf(line, 'strong')),
      lineOf(`${left}s left   c continue   a abort`, 'faint'),
    ];
  }
  const last = `${shown.at(-1)!} `;
  const room = columns - widthOf(last);
  const isRoomy = room >= leastInput;
  const typed = inputSpans(input, isRoomy ? room : columns, asked.isSecret);
  return [
    ...said,
    ...shown.slice(0, -1).map((line) => lineOf(line, 'strong')),
    ...(isRoomy ? [[span(last, 'strong'), ...typed]] : [lineOf(last, 'strong'), typed]),
    lineOf('Enter answers, Esc aborts', 'faint'),
  ];
};

/** With less room behind a question, the answer has a line of its own. */
const leastInput = 20;
