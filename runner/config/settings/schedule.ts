import { settings } from '../setting.ts';

/** Schedules. */
export const scheduleSettings = settings({
  scheduleState: {
    name: 'MUSTER_SCHEDULE_STATE',
    type: 'path',
    default: '~/.local/state/muster/schedules.db',
    env: ['MUSTER_SCHEDULE_STATE'],
    ini: ['muster.schedule_state'],
    doc: 'The file in which `muster schedule` keeps what ran and what runs next. It belongs on a disk of this machine.',
  },
});
