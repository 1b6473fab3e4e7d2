import { expect, it } from 'vitest';
import { EventBus } from './bus.ts';
import type { RunEvent, Timed } from './types.ts';

const warning = (message: string): RunEvent => ({ type: 'warning', kind: 'warning', message });
const textOf = (event: RunEvent): string => (event.type === 'warning' ? event.message : event.type);

/** A bus and what a reader of it was told. */
const openBus = (mask?: (event: RunEvent) => RunEvent) => {
  const bus = new EventBus(mask);
  const told: Timed[] = [];
  const leave = bus.subscribe((event) => told.push(event));
  return { bus, told, leave };
};

it('numbers events in their order, and tells every reader of them after they were masked', () => {
  const { bus, told } = openBus((event) => warning(textOf(event).replaceAll('secret', '***')));
  const others: string[] = [];
  bus.subscribe((event) => others.push(textOf(event)));
  bus.emit(warning('one'));
  bus.emit(warning('a secret'));
  expect(told.map((event) => [event.seq, textOf(event)])).toEqual([
    [1, 'one'],
    [2, 'a ***'],
  ]);
  expect(others).toEqual(['one', 'a ***']);
});

it('tells a reader nothing any more that has left', () => {
  const { bus, told, leave } = openBus();
  bus.emit(warning('one'));
  leave();
  bus.emit(warning('two'));
  expect(told.map(textOf)).toEqual(['one']);
});

it('tells nobody of what is done quietly, also where that is within itself or fails', () => {
  const { bus, told } = openBus();
  const result = bus.quietly(() => {
    bus.quietly(() => bus.emit(warning('inner')));
    bus.emit(warning('outer'));
    return 7;
  });
  expect(result).toBe(7);
  expect(() =>
    bus.quietly(() => {
      throw new Error('it broke');
    }),
  ).toThrow('it broke');
  bus.emit(warning('after'));
  expect(told.map((event) => [event.seq, textOf(event)])).toEqual([[1, 'after']]);
});
