import type { Services } from '../sources/services.ts';
import { rowAt, withRows } from './list-state.ts';
import { type AppState, type ScreenName, type Step, step } from './state.ts';

/** Looks up what a screen lists. `apply` takes the change to the state as it is by then. */
export const loadScreen = async (
  what: Exclude<ScreenName, 'run'>,
  services: Services,
  apply: (change: (state: AppState) => Step) => void,
): Promise<void> => {
  switch (what) {
    case 'playbooks': {
      const rows = await services.playbooks();
      return apply((state) => step({ ...state, playbooks: withRows(state.playbooks, rows) }));
    }
    case 'history': {
      const rows = await services.history();
      return apply((state) => step({ ...state, history: withRows(state.history, rows) }));
    }
    case 'schedules': {
      const rows = await services.schedules.list();
      return apply((state) => step({ ...state, schedules: withRows(state.schedules, rows) }));
    }
    case 'inventory': {
      const rows = await services.inventory();
      return apply((state) => {
        const inventory = withRows(state.inventory, rows);
        const row = rowAt(inventory, ({ name }) => name);
        const next = { ...state, inventory };
        return row ? step(next, { type: 'inventory-variables', row }) : step(next);
      });
    }
  }
};
