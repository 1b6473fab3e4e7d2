import { describe, expect, it, vi } from 'vitest';
import { daemonsForTests, startsOf } from '../../../test/support/daemons.ts';
import { type ScheduleFolder, type SimulatedDaemon, until } from '../../../test/support/schedules.ts';
import { loadSchedules } from '../source/index.ts';

// Runs are real processes, which take their time on a machine that is busy.
vi.setConfig({ testTimeout: 200_000 });

const { cleanUp, folderOf, start } = daemonsForTests();

describe('simulated time', () => {
  it('runs when runs are due, over the days on which clocks change', async () => {
    const folder = folderOf(
      'name: daily, schedule: "02:30"',
      'name: cron, schedule: "30 2 * * *"',
      'name: often, schedule: "01:00-04:00@60"',
    );
    const daemon = await start(folder, '2026-03-28T05:00:00Z');
    await daemon.runUntil('2026-03-30T03:00:00Z');
    const daily = ['2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'];
    expect(startsOf(daemon, 'daily')).toEqual(daily);
    expect(startsOf(daemon, 'cron')).toEqual(daily);
    expect(startsOf(daemon, 'often')).toEqual([
      '2026-03-29T00:00:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-29T02:00:00Z',
      '2026-03-29T23:00:00Z',
      '2026-03-30T00:00:00Z',
      '2026-03-30T01:00:00Z',
      '2026-03-30T02:00:00Z',
    ]);
    expect(daemon.log.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('runs once in the hour that comes twice', async () => {
    const folder = folderOf('name: daily, schedule: "02:30"', 'name: cron, schedule: "30 2 * * *"');
    const daemon = await start(folder, '2026-10-24T05:00:00Z');
    await daemon.runUntil('2026-10-26T05:00:00Z');
    const daily = ['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'];
    expect(startsOf(daemon, 'daily')).toEqual(daily);
    expect(startsOf(daemon, 'cron')).toEqual(daily);
  });

  it('draws a random start once, and knows it after a restart', async () => {
    const folder = folderOf('name: spread, schedule: "~00:00-06:00"');
    const first = await start(folder, '2026-11-20T12:00:00Z', { random: () => 0.25 });
    const drawn = first.store.state('spread')!.nextAt!;
    expect(new Date(drawn).toISOString()).toBe('2026-11-21T00:30:00.000Z');
    await first.stop();
    const second = await start(folder, '2026-11-20T18:00:00Z', { random: () => 0.75 });
    expect(second.store.state('spread')!.nextAt).toBe(drawn);
    await second.runUntil('2026-11-21T12:00:00Z');
    expect(startsOf(second)).toEqual(['2026-11-21T00:30:00Z']);
    expect(new Date(second.store.state('spread')!.nextAt!).toISOString()).toBe('2026-11-22T03:30:00.000Z');
    // Another range is drawn from anew.
    folder.write('schedules.yml', folder.read('schedules.yml').replace('~00:00-06:00', '~12:00-18:00'));
    second.daemon.reload(loadSchedules(folder.file));
    await until(() => second.store.state('spread')!.nextAt === Date.parse('2026-11-21T15:45:00Z'));
  });
});

describe('clocks that are set', () => {
  it('does not run twice what was due when the clock is set back', async () => {
    const folder = folderOf('name: daily, schedule: "0 12 * * *"', 'name: often, schedule: "@10"');
    const daemon = await start(folder, '2026-11-20T10:58:00Z');
    await daemon.runUntil('2026-11-20T11:05:00Z');
    expect(startsOf(daemon, 'daily')).toEqual(['2026-11-20T11:00:00Z']);
    await daemon.set('2026-11-20T09:50:00Z');
    expect(daemon.told('clock_set', 'seconds')).toEqual(['-4500']);
    await daemon.runUntil('2026-11-20T11:30:00Z');
    expect(startsOf(daemon, 'daily')).toEqual(['2026-11-20T11:00:00Z']);
    // An interval goes on from where the clock stands, and does not wait until it shows the old time again.
    expect(startsOf(daemon, 'often').slice(0, 3)).toEqual([
      '2026-11-20T10:58:00Z',
      '2026-11-20T10:00:00Z',
      '2026-11-20T10:10:00Z',
    ]);
  });

  it('takes what a clock that is set forward leaves out as missed', async () => {
    const folder = folderOf('name: skip, schedule: "0 12 * * *"', 'name: once, schedule: "0 12 * * *", catch_up: once');
    const daemon = await start(folder, '2026-11-20T09:00:00Z');
    await daemon.set('2026-11-20T14:00:00Z');
    await daemon.quiet();
    expect(startsOf(daemon, 'skip')).toEqual([]);
    expect(startsOf(daemon, 'once')).toEqual(['2026-11-20T14:00:00Z']);
  });
});

it('catches up on runs that nobody was there to begin, as the schedule says', async () => {
  const folder = folderOf(
    'name: skip, schedule: "0 12 * * *"',
    'name: once, schedule: "0 12 * * *", catch_up: once',
    'name: in-time, schedule: "0 12 * * *", catch_up: 4h',
    'name: too-late, schedule: "0 12 * * *", catch_up: 2h',
    'name: still-open, schedule: "09:00-18:00"',
  );
  const first = await start(folder, '2026-11-18T20:00:00Z');
  await first.stop();
  const second = await start(folder, '2026-11-20T14:00:00Z');
  await second.quiet();
  // 12:00 in Paris of the day before is 27 hours ago: only those run for which that is not too late.
  expect(second.told('run_started', 'schedule', 'reason').sort()).toEqual(['once catch-up', 'still-open schedule']);
  expect(second.told('run_missed', 'schedule').sort()).toEqual(['in-time', 'skip', 'too-late']);
  expect(second.store.state('skip')!.note).toBe('missed the run of 2026-11-19T11:00:00.000Z');
  await second.stop();
  const third = await start(folder, '2026-11-21T14:00:00Z');
  await third.quiet();
  expect(third.told('run_started', 'schedule', 'reason').sort()).toEqual([
    'in-time catch-up',
    'once catch-up',
    'still-open schedule',
  ]);
});

describe('a run that is due while the one before goes on', () => {
  const whileRunning = async (overlap: string): Promise<[SimulatedDaemon, ScheduleFolder]> => {
    const folder = folderOf(`name: slow, schedule: "@1m", overlap: ${overlap}, kill_after: 5`);
    folder.write(
      'job',
      'echo begin >>lines; trap "echo interrupted >>lines; exit 99" INT; while [ ! -e go ]; do sleep 0.02; done; echo end >>lines\n',
    );
    const daemon = await start(folder, '2026-11-20T12:00:00Z');
    await until(() => folder.has('lines'), 'the first run');
    await daemon.advance(60_000);
    return [daemon, folder];
  };

  it('is left out', async () => {
    const [daemon, folder] = await whileRunning('skip');
    expect(daemon.told('run_skipped', 'schedule', 'reason')).toEqual(['slow the run before goes on']);
    folder.write('go', '');
    await daemon.quiet();
    expect(folder.read('lines')).toBe('begin\nend\n');
    expect(startsOf(daemon)).toEqual(['2026-11-20T12:00:00Z']);
  });

  it('waits for its end', async () => {
    const [daemon, folder] = await whileRunning('queue');
    await daemon.advance(60_000);
    expect(daemon.told('run_queued', 'schedule')).toEqual(['slow', 'slow']);
    expect(folder.read('lines')).toBe('begin\n');
    folder.write('go', '');
    await until(() => startsOf(daemon).length === 2, 'the run that waits');
    await daemon.quiet();
    // One waits, however often it was due.
    expect(daemon.told('run_started', 'reason')).toEqual(['schedule', 'queue']);
    expect(folder.read('lines')).toBe('begin\nend\nbegin\nend\n');
  });

  it('takes its place', async () => {
    const [daemon, folder] = await whileRunning('replace');
    const ending = setInterval(() => daemon.clock.advance(10), 10);
    cleanUp(() => clearInterval(ending));
    await until(() => startsOf(daemon).length === 2, 'the second run');
    folder.write('go', '');
    await daemon.quiet();
    expect(daemon.told('run_ended', 'outcome')).toEqual(['replaced', 'ok']);
    expect(folder.read('lines')).toBe('begin\ninterrupted\nbegin\nend\n');
  });
});

it('tries again after a failure, later each time, and tells of the last failure only', async () => {
  const folder = folderOf(
    'name: flaky, schedule: "0 12 * * *", retries: {count: 3, delay: 1m, factor: 2, longest: 3m}, on_failure: [{command: "echo $MUSTER_OUTCOME >>hooks"}]',
    'name: mended, playbook: mended, schedule: "0 12 * * *", retries: 1, on_failure: [{command: "echo bad >>hooks"}], on_success: [{command: "echo mended >>hooks"}]',
  );
  folder.write('job', 'exit 2\n');
  folder.write('mended', '[ -e tried ] && exit 0; echo >tried; exit 4\n');
  const daemon = await start(folder, '2026-11-20T10:59:00Z');
  await daemon.runUntil('2026-11-20T12:00:00Z');
  expect(startsOf(daemon, 'flaky')).toEqual([
    '2026-11-20T11:00:00Z',
    '2026-11-20T11:01:00Z',
    '2026-11-20T11:03:00Z',
    '2026-11-20T11:06:00Z',
  ]);
  expect(daemon.store.ended('flaky', 9).map(({ attempt, outcome }) => `${attempt} ${outcome}`)).toEqual([
    '4 failed',
    '3 failed',
    '2 failed',
    '1 failed',
  ]);
  expect(folder.read('hooks').split('\n').sort()).toEqual(['', 'failed', 'mended']);
});

it('remembers over a restart that another attempt is due', async () => {
  const folder = folderOf('name: flaky, schedule: "0 12 * * *", retries: {count: 1, delay: 10m}');
  folder.write('job', 'exit 2\n');
  const first = await start(folder, '2026-11-20T10:59:00Z');
  await first.runUntil('2026-11-20T11:05:00Z');
  await first.stop();
  folder.write('job', 'exit 0\n');
  const second = await start(folder, '2026-11-20T11:06:00Z');
  await second.runUntil('2026-11-20T11:15:00Z');
  expect(second.told('run_started', 'reason', 'attempt')).toEqual(['retry 2']);
  expect(second.store.ended('flaky', 1)[0]!.outcome).toBe('ok');
});

describe('what a run requires', () => {
  it('is the last success of another schedule', async () => {
    const folder = folderOf(
      'name: backup, schedule: "0 12 * * *"',
      'name: after, schedule: "30 12 * * *", requires: [{schedule: backup, within: 1h}]',
      'name: later, schedule: "0 18 * * *", requires: [{schedule: backup, within: 1h}]',
    );
    folder.write('job', '[ -e broken ] && exit 2; exit 0\n');
    const daemon = await start(folder, '2026-11-20T11:15:00Z');
    await daemon.runUntil('2026-11-21T10:00:00Z');
    expect(daemon.told('run_started', 'schedule')).toEqual([]);
    folder.write('broken', '');
    await daemon.runUntil('2026-11-22T10:00:00Z');
    expect(daemon.told('run_started', 'schedule')).toEqual(['backup']);
    expect(daemon.told('run_skipped', 'schedule', 'reason')).toEqual([
      "after 'backup', which it requires, has not run yet",
      "later 'backup', which it requires, has not run yet",
      "after the last run of 'backup', which it requires, was failed",
      "later the last run of 'backup', which it requires, was failed",
    ]);
    expect(daemon.store.ended('after', 1)).toEqual([]);
  });

  it('is a command or a playbook that succeeds', async () => {
    const folder = folderOf(
      'name: a, schedule: "@1h", requires: [{command: [test, -e, ready]}]',
      'name: b, playbook: job, schedule: "@1h", requires: [{playbook: check}]',
      'name: c, schedule: "@1h", requires: [{command: "sleep 60", timeout: 50ms}, {command: "touch never"}]',
      'name: d, schedule: "@1h", requires: [{command: [no-such-command]}]',
    );
    folder.write('check', 'test -e ready\n');
    const daemon = await start(folder, '2026-11-20T11:15:00Z');
    await daemon.quiet();
    expect(daemon.told('run_skipped', 'schedule', 'reason').sort()).toEqual([
      'a the command that it requires did not succeed: exit code 1',
      'b the playbook check that it requires did not succeed: exit code 1',
      'c the command that it requires did not succeed: it took longer than 0.05 seconds',
      'd the command that it requires did not succeed: there is no command no-such-command',
    ]);
    folder.write('ready', '');
    await daemon.runUntil('2026-11-20T12:15:00Z');
    expect(daemon.told('run_started', 'schedule').sort()).toEqual(['a', 'b']);
    expect(folder.has('never')).toBe(false);
    expect(folder.read('calls')).toContain('run check');
  });
});

it('leaves a paused schedule alone, and makes up for nothing when it is resumed', async () => {
  const folder = folderOf(
    'name: daily, schedule: "0 12 * * *", catch_up: once',
    'name: shy, schedule: "@1h", paused: true',
  );
  const daemon = await start(folder, '2026-11-20T09:00:00Z');
  daemon.store.setPaused('daily', true);
  await daemon.runUntil('2026-11-22T09:00:00Z');
  expect(startsOf(daemon)).toEqual([]);
  daemon.store.setPaused('daily', false);
  daemon.store.setPaused('shy', false);
  await daemon.advance(1000);
  await daemon.runUntil('2026-11-22T11:00:00Z');
  expect(startsOf(daemon, 'daily')).toEqual(['2026-11-22T11:00:00Z']);
  expect(startsOf(daemon, 'shy')[0]).toBe('2026-11-22T09:00:01Z');
});
