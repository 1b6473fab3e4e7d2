import { expect, test } from 'vitest';
import { say } from './state.ts';
import { newApp, onKey } from './update.ts';

const open = () => newApp({ columns: 80, rows: 24 });

test('a message stays until a key is pressed', () => {
  const told = say(open(), 'the run was stopped');
  expect(told.message?.text).toBe('the run was stopped');
  expect(onKey(told, 'j').state.message).toBeUndefined();
});

test('help is closed by any key, which does nothing else', () => {
  const helped = onKey(open(), '?').state;
  expect(helped.isHelpOpen).toBe(true);
  const { state, effects } = onKey(helped, '2');
  expect([state.isHelpOpen, state.screen, effects]).toEqual([false, 'playbooks', []]);
});

test('numbers lead to screens, Esc back again', () => {
  const inventory = onKey(open(), '2').state;
  expect(inventory.screen).toBe('inventory');
  expect(onKey(inventory, '9').state.screen).toBe('inventory');
  expect(onKey(inventory, 'escape').state.screen).toBe('playbooks');
});
