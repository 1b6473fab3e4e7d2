import { localTime } from '../../output/local-time.ts';
import { listLines, moveList, rowAt } from '../app/list-state.ts';
import { step } from '../app/state.ts';
import type { PlaybookRow } from '../sources/services.ts';
import type { Column } from '../text/columns.ts';
import type { Screen } from './screen.ts';
import { statusTone } from './status-tone.ts';

const textOf = ({ path, plays }: PlaybookRow): string => `${path} ${plays.join(' ')}`;

const columns: readonly Column<PlaybookRow>[] = [
  { title: 'PLAYBOOK', text: ({ path }) => path, most: 60 },
  { title: 'PLAYS', text: ({ plays }) => plays.join(', '), tone: () => 'faint', grows: true, most: 40 },
  { title: 'LAST RUN', text: ({ lastRun }) => (lastRun ? localTime(lastRun.startedAt) : '-'), from: 70 },
  {
    title: 'RESULT',
    text: ({ lastRun }) => lastRun?.status ?? '-',
    tone: ({ lastRun }) => statusTone(lastRun?.status),
  },
];

/** Playbooks below the working directory. */
export const playbooksScreen: Screen = {
  keys: [
    ['Enter', 'run…'],
    ['e', 'edit'],
    ['u', 'look again'],
  ],
  onKey: (state, key) => {
    const moved = moveList(state.playbooks, key, state.size.rows - 6, textOf);
    if (moved) return step({ ...state, playbooks: moved });
    const row = rowAt(state.playbooks, textOf);
    if (key === 'u') return step(state, { type: 'load', what: 'playbooks' });
    if (!row) return undefined;
    if (key === 'enter' || key === 'r') return step(state, { type: 'form', path: row.path });
    return key === 'e' ? step(state, { type: 'edit', place: row.path }) : undefined;
  },
  view: ({ playbooks }, size) => listLines(playbooks, columns, textOf, size, 'there are no playbooks here'),
  filterOf: ({ playbooks }) => playbooks.filter,
  withFilter: (state, filter) => ({ ...state, playbooks: { ...state.playbooks, filter, cursor: 0 } }),
};
