import { afterEach, expect, test, vi } from 'vitest';
import { EventScript, hostNames } from '../../../test/support/events.ts';
import { Paper } from '../../../test/support/paper.ts';
import type { Timed } from '../../events/index.ts';
import { whileAsking } from '../terminal-turns.ts';
import { type ConsoleOptions, consoleOutput } from './index.ts';

const usual: ConsoleOptions = { verbosity: 0, showsCustomStats: false, diffContext: 3, isLive: false };

afterEach(() => void vi.useRealTimers());

const web = hostNames(3);

/** Gives events to a live console at their times. */
const playLive = async (events: readonly Timed[], paper: Paper, until: number): Promise<void> => {
  vi.useFakeTimers({ now: events[0]!.time });
  const reader = consoleOutput(paper, { ...usual, isLive: true });
  for (const event of events) {
    await vi.advanceTimersByTimeAsync(event.time - Date.now());
    reader(event);
  }
  await vi.advanceTimersByTimeAsync(until - Date.now());
};

test('shows progress once a task takes longer, and takes it away at its end', async () => {
  const script = new EventScript().run().play('Web servers', web).task('Install', web).wait(200);
  script.result('web1', 'ok').wait(2000).result('web2', 'ok').wait(50).result('web3', 'ok');
  const paper = new Paper('terminal', 40);
  await playLive(script.events, paper, script.events.at(-1)!.time + 5000);
  const erase = '\r\x1b[2K';
  expect(paper.text.replace('\nPLAY Web servers (web1, web2, web3)\n', '')).toBe(
    [
      '[1/3] 0s Install  waiting for web2, ...',
      '[1/3] 1s Install  waiting for web2, ...',
      '[2/3] 2s Install  waiting for web3',
      'TASK Install: 3 ok (2.3s)\n',
    ].join(erase),
  );
  expect(vi.getTimerCount()).toBe(0);
});

test('draws at most ten times a second, and rests while nothing runs or somebody is asked', async () => {
  const script = new EventScript().run().play('Web servers', ['web1']).task('Build', ['web1']).wait(400);
  const paper = new Paper('terminal', 60);
  for (let count = 0; count < 1000; count++) script.wait(1).output('web1', [`line ${count}`]);
  await playLive(script.events, paper, script.events.at(-1)!.time);
  expect(paper.text.split('\r\x1b[2K').length).toBeLessThan(45);
  expect(paper.text).toMatch(/\[0\/1\] 1s Build {2}web1 \| line 9\d\d$/);

  const asked = new EventScript().run().play('Web servers', ['web1']).task('Pause', ['web1']).wait(500);
  asked.add({ type: 'waiting', task: asked.current, host: 'web1', message: 'Press enter:' });
  const other = new Paper('terminal', 60);
  await playLive(asked.events, other, asked.events.at(-1)!.time + 10_000);
  expect(other.text.endsWith('\r\x1b[2KTASK Pause\nPress enter:\n')).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('leaves the bottom of the terminal to a question that no event tells of', async () => {
  const script = new EventScript().run().play('Web servers', ['web1']).task('Build', ['web1']);
  const paper = new Paper('terminal', 60);
  await playLive(script.events, paper, script.events.at(-1)!.time + 400);
  expect(paper.text.endsWith('[0/1] 0s Build')).toBe(true);
  await whileAsking(async () => paper.write('Name: '));
  expect(paper.text.endsWith('[0/1] 0s Build\r\x1b[2KName: ')).toBe(true);
});

test('names a long task in a log, where no progress can be drawn, and draws none', async () => {
  const script = new EventScript().run().play('Web servers', web).task('Install', web);
  const paper = new Paper('log');
  await playLive(script.events, paper, script.events.at(-1)!.time + 1100);
  expect(paper.text).toBe('\nPLAY Web servers (web1, web2, web3)\nTASK Install\n');
  expect(vi.getTimerCount()).toBe(0);
});

test('shows failures after a second although nothing else happens', async () => {
  const script = new EventScript().run().play('Web servers', web).task('Install', web);
  script.result('web1', 'failed', { msg: 'no' });
  const paper = new Paper('dumb');
  await playLive(script.events, paper, script.events.at(-1)!.time + 1100);
  expect(paper.text).toContain('  failed       web1: no\n');
});
