import { type AppState, type Effect, type ScreenName, type Step, step } from './state.ts';

/** Another screen. Its rows are looked up anew: what they show changes by itself. */
export const goTo = (state: AppState, screen: ScreenName): Step => {
  const trail = state.screen === screen ? state.trail : [...state.trail, state.screen].slice(-20);
  const effects: Effect[] = screen === 'run' ? [] : [{ type: 'load', what: screen }];
  return step({ ...state, screen, trail, form: undefined, isHelpOpen: false }, ...effects);
};

/** Where one came from. */
export const goBack = (state: AppState): Step => {
  const screen = state.trail.at(-1);
  if (screen === undefined) return step(state);
  const { state: there, effects } = goTo(state, screen);
  return { state: { ...there, trail: state.trail.slice(0, -1) }, effects };
};

/** Whether a run that was started here goes on. */
export const isRunning = ({ shown }: AppState): boolean =>
  shown !== undefined && shown.replay === undefined && shown.phase !== 'ended';

/** Leaves, unless that would leave a run alone. */
export const quit = (state: AppState): Step => {
  if (!isRunning(state)) return step(state, { type: 'quit' });
  return step({
    ...state,
    choice: {
      text: 'A run goes on. Leave?',
      answers: [
        {
          key: 's',
          label: 'once running tasks have ended',
          effects: [{ type: 'interrupt', how: 'graceful' }, { type: 'quit' }],
        },
        { key: 'n', label: 'now', effects: [{ type: 'interrupt', how: 'now' }, { type: 'quit' }] },
      ],
    },
  });
};
