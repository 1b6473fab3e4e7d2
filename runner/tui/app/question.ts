import type { PendingQuestion } from '../sources/services.ts';
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
export const questionLines = ({ asked, input, first }: Asking, now: number): Line[] => {
  const said = asked.said.slice(-12).flatMap((text) => text.split('\n').map((line) => lineOf(line)));
  if (asked.until !== undefined) {
    const left = Math.max(0, Math.ceil((asked.until - now) / 1000));
    return [...said, lineOf(asked.text, 'strong'), lineOf(`${left}s left   c continue   a abort`, 'faint')];
  }
  const suffix = asked.default === undefined || asked.isSecret ? '' : ` [${asked.default}]`;
  return [
    ...said,
    [
      span(`${first === undefined ? '' : 'again: '}${asked.text}${suffix} `, 'strong'),
      ...inputSpans(input, asked.isSecret),
    ],
    lineOf('Enter answers, Esc aborts', 'faint'),
  ];
};
