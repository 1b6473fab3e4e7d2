import { settings } from '../setting.ts';

/** The records that runs leave, for `muster history`. */
export const recordSettings = settings({
  record: {
    name: 'MUSTER_RECORD',
    type: 'bool',
    default: true,
    env: ['MUSTER_RECORD'],
    ini: ['muster.record'],
    doc: 'Whether a run leaves a record.',
  },
  runsDir: {
    name: 'MUSTER_RUNS_DIR',
    type: 'path',
    default: '~/.local/state/muster/runs',
    env: ['MUSTER_RUNS_DIR'],
    ini: ['muster.runs_dir'],
    doc: 'The directory of the records.',
  },
  secretVars: {
    name: 'MUSTER_SECRET_VARS',
    type: 'list',
    default: [],
    env: ['MUSTER_SECRET_VARS'],
    ini: ['muster.secret_vars'],
    doc: 'Names of extra variables whose values are shown and recorded nowhere.',
  },
  keepRuns: {
    name: 'MUSTER_KEEP_RUNS',
    type: 'int',
    default: 200,
    env: ['MUSTER_KEEP_RUNS'],
    ini: ['muster.keep_runs'],
    doc: 'How many records stay; the oldest go first. 0: all.',
  },
  keepDays: {
    name: 'MUSTER_KEEP_DAYS',
    type: 'int',
    default: 90,
    env: ['MUSTER_KEEP_DAYS'],
    ini: ['muster.keep_days'],
    doc: 'How many days a record stays. 0: for good.',
  },
});
