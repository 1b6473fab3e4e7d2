import { historyScreen } from '../screens/history.ts';
import { inventoryScreen } from '../screens/inventory.ts';
import { playbooksScreen } from '../screens/playbooks.ts';
import { runScreen } from '../screens/run.ts';
import { schedulesScreen } from '../screens/schedules.ts';
import type { Screen } from '../screens/screen.ts';
import type { ScreenName } from './state.ts';

export const screens: Readonly<Record<ScreenName, Screen>> = {
  playbooks: playbooksScreen,
  inventory: inventoryScreen,
  run: runScreen,
  history: historyScreen,
  schedules: schedulesScreen,
};
