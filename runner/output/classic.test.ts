import { expect, test } from 'vitest';
import type { MetaDone } from '../events/index.ts';
import { classicOutput } from './classic.ts';
import type { Screen } from './screen.ts';

const shown = (verbosity: number, event: MetaDone): string => {
  const lines: string[] = [];
  const write = (text: string): void => {
    lines.push(text);
  };
  const screen: Screen = {
    write,
    warn: write,
    columns: 80,
    width: 80,
    hasColor: false,
    isTerminal: false,
    canRedraw: false,
  };
  const options = { verbosity, showsSkipped: true, showsOk: true, showsCustomStats: false, diffContext: 3 };
  classicOutput(screen, options)({ ...event, seq: 1, time: 0 });
  return lines.join('');
};

test('a meta task that its conditions leave out is skipped, and says why', () => {
  const message = 'end_host conditional evaluated to False, continuing execution for web1';
  const left: MetaDone = { type: 'meta', task: '1.1', host: 'web1', action: 'end_host', done: false, message };
  expect(shown(0, left)).toBe('skipping: [web1]\n');
  expect(shown(2, left)).toBe(
    `META: ${message}\nskipping: [web1] => {"msg": "${message.replace('False', 'false')}", "skip_reason": "${message}"}\n`,
  );
  const done: MetaDone = { ...left, done: true, message: 'ending play for web1' };
  expect(shown(0, done)).toBe('');
  expect(shown(2, done)).toBe('META: ending play for web1\n');
});
