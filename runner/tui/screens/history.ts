import { durationText } from '../../output/duration-text.ts';
import { localTime } from '../../output/local-time.ts';
import { listLines, moveList, rowAt } from '../app/list-state.ts';
import { type AppState, step } from '../app/state.ts';
import type { HistoryRow, Repetition } from '../sources/services.ts';
import type { Column } from '../text/columns.ts';
import type { Screen } from './screen.ts';
import { statusTone } from './status-tone.ts';

const textOf = ({ id, status, playbooks, isCheck }: HistoryRow): string =>
  `${id} ${status} ${playbooks.join(' ')}${isCheck ? ' check' : ''}`;

const count = ({ stats }: HistoryRow, ...counters: readonly ('changed' | 'failed' | 'unreachable')[]): string => {
  const number = Object.values(stats).filter((host) => counters.some((counter) => host[counter] > 0)).length;
  return number === 0 ? '-' : String(number);
};

const columns: readonly Column<HistoryRow>[] = [
  { title: 'RUN', text: ({ id }) => id },
  { title: 'WHEN', text: ({ startedAt }) => localTime(startedAt) },
  { title: 'RESULT', text: ({ status }) => status, tone: ({ status }) => statusTone(status) },
  { title: 'TIME', text: ({ duration }) => (duration === undefined ? '-' : durationText(duration)), align: 'right' },
  { title: 'HOSTS', text: ({ stats }) => String(Object.keys(stats).length), align: 'right' },
  { title: 'CHANGED', text: (row) => count(row, 'changed'), align: 'right', from: 100 },
  { title: 'FAILED', text: (row) => count(row, 'failed', 'unreachable'), align: 'right', from: 100 },
  {
    title: 'PLAYBOOK',
    text: ({ playbooks, isCheck }) => `${playbooks.join(' ')}${isCheck ? ' (check)' : ''}`,
    grows: true,
  },
];

/** Records of earlier runs. */
export const historyScreen: Screen = {
  keys: [
    ['Enter', 'open'],
    ['r', 'run again…'],
    ['u', 'look again'],
  ],
  onKey: (state, key) => {
    const moved = moveList(state.history, key, state.size.rows - 6, textOf);
    if (moved) return step({ ...state, history: moved });
    if (key === 'u') return step(state, { type: 'load', what: 'history' });
    const row = rowAt(state.history, textOf);
    if (!row) return undefined;
    if (key === 'enter') return step(state, { type: 'open-record', id: row.id });
    return key === 'r'
      ? step(askToRepeat(state, row.id, Number(count(row, 'failed', 'unreachable')) || 0, row.status === 'ok'))
      : undefined;
  },
  view: ({ history }, size) => listLines(history, columns, textOf, size, 'there are no records of runs'),
  filterOf: ({ history }) => history.filter,
  withFilter: (state, filter) => ({ ...state, history: { ...state.history, filter, cursor: 0 } }),
};

/** Asks how a run is to be repeated. */
export const askToRepeat = (state: AppState, id: string, failed: number, hasEndedWell: boolean): AppState => {
  const answer = (key: string, label: string, how: Repetition): NonNullable<AppState['choice']>['answers'][number] => ({
    key,
    label,
    effects: [{ type: 'repeat', id, how }],
  });
  const answers = [
    ...(failed > 0 ? [answer('f', `the ${failed} that failed`, 'failed')] : []),
    answer('a', 'all hosts', 'all'),
    ...(hasEndedWell ? [] : [answer('c', 'go on where it stopped', 'rest')]),
  ];
  return { ...state, choice: { text: 'Run this again?', answers } };
};
