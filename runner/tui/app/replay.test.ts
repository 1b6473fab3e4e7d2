import { expect, test } from 'vitest';
import { EventScript } from '../../../test/support/events.ts';
import type { Timed } from '../../events/index.ts';
import { Replay } from './replay.ts';

const record = (): Timed[] =>
  new EventScript()
    .run()
    .play('P', ['a', 'b'])
    .task('One', ['a', 'b'])
    .wait(20)
    .result('a', 'ok')
    .wait(20)
    .result('b', 'ok')
    .end({ a: { ok: 1 }, b: { ok: 1 } }).events;

const open = (events: readonly Timed[]) => {
  const taken: Timed[] = [];
  let changes = 0;
  const replay = new Replay({
    open: async function* () {
      yield* [...events];
    },
    reset: () => void taken.splice(0),
    take: (event) => void taken.push(event),
    changed: () => changes++,
  });
  return { replay, taken, changes: () => changes };
};

test('takes everything at once, and later what has come since', async () => {
  const events = record();
  const growing = events.slice(0, -2);
  const { replay, taken } = open(growing);
  await replay.finish();
  expect(taken).toEqual(growing);
  expect(replay.isAtEnd).toBe(true);
  growing.push(...events.slice(-2));
  await replay.finish();
  expect(taken).toEqual(events);
});

test('goes from result to result, and back to the beginning', async () => {
  const { replay, taken } = open(record());
  await replay.step();
  expect(taken.at(-1)).toMatchObject({ type: 'host_result', host: 'a' });
  await replay.step();
  expect(taken.at(-1)).toMatchObject({ type: 'host_result', host: 'b' });
  await replay.restart();
  expect(taken).toEqual([]);
  await replay.step();
  expect(taken.at(-1)).toMatchObject({ type: 'host_result', host: 'a' });
});

test('plays in the time that things took, and holds at the end', async () => {
  const events = record();
  const { replay, taken } = open(events);
  await replay.toggle();
  expect(replay.isPlaying).toBe(true);
  await expect.poll(() => replay.isPlaying, { timeout: 20_000 }).toBe(false);
  expect(taken).toEqual(events);
  // Once more: from the beginning, as there is nothing behind the end.
  replay.turn(1);
  expect(replay.speed).toBe(2);
  await replay.toggle();
  await expect.poll(() => replay.isPlaying, { timeout: 20_000 }).toBe(false);
  expect(taken).toEqual(events);
});

test('is held while it plays, and stops when it is closed', async () => {
  const events = record();
  const { replay, taken } = open([...events, { ...events.at(-1)!, seq: 1000, time: events.at(-1)!.time + 3_600_000 }]);
  await replay.toggle();
  await expect.poll(() => taken.length, { timeout: 20_000 }).toBe(events.length);
  await replay.toggle();
  expect(replay.isPlaying).toBe(false);
  replay.turn(1);
  await replay.toggle();
  expect(replay.isPlaying).toBe(true);
  replay.close();
  expect(replay.isPlaying).toBe(false);
});
