import { localTime } from '../../output/local-time.ts';
import { listLines, moveList, rowAt } from '../app/list-state.ts';
import { step } from '../app/state.ts';
import type { ScheduleRow } from '../sources/schedules.ts';
import type { Column } from '../text/columns.ts';
import type { Screen } from './screen.ts';
import { statusTone } from './status-tone.ts';

const textOf = ({ name, schedule, state, playbook }: ScheduleRow): string => `${name} ${schedule} ${state} ${playbook}`;

const columns: readonly Column<ScheduleRow>[] = [
  { title: 'ACTION', text: ({ name }) => name, most: 24 },
  { title: 'STATE', text: ({ state }) => state, tone: ({ state }) => statusTone(state === 'idle' ? 'ok' : state) },
  { title: 'LAST RUN', text: ({ lastRun }) => (lastRun === undefined ? '-' : localTime(lastRun)) },
  {
    title: 'RESULT',
    text: ({ lastStatus }) => lastStatus ?? '-',
    tone: ({ lastStatus }) => statusTone(lastStatus),
    from: 90,
  },
  { title: 'NEXT RUN', text: ({ nextRun }) => (nextRun === undefined ? '-' : localTime(nextRun)) },
  { title: 'SCHEDULE', text: ({ schedule }) => schedule, grows: true },
  { title: 'PLAYBOOK', text: ({ playbook }) => playbook, from: 120 },
];

/** Schedules: when they ran, when they will. */
export const schedulesScreen: Screen = {
  keys: [
    ['Enter', 'last run'],
    ['r', 'run now'],
    ['p', 'pause, resume'],
    ['u', 'look again'],
  ],
  onKey: (state, key) => {
    const moved = moveList(state.schedules, key, state.size.rows - 6, textOf);
    if (moved) return step({ ...state, schedules: moved });
    if (key === 'u') return step(state, { type: 'load', what: 'schedules' });
    const row = rowAt(state.schedules, textOf);
    if (!row) return undefined;
    if (key === 'r') return step(state, { type: 'schedule', wish: 'run', name: row.name });
    if (key === 'p') return step(state, { type: 'schedule', wish: row.isPaused ? 'resume' : 'pause', name: row.name });
    if (key === 'enter' && row.lastId !== undefined) return step(state, { type: 'open-record', id: row.lastId });
    return undefined;
  },
  view: ({ schedules }, size) => listLines(schedules, columns, textOf, size, 'there are no schedules here'),
  filterOf: ({ schedules }) => schedules.filter,
  withFilter: (state, filter) => ({ ...state, schedules: { ...state.schedules, filter, cursor: 0 } }),
};
