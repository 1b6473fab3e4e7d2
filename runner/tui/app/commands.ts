import { didYouMean } from '../../errors/index.ts';
import { stop } from '../screens/run.ts';
import { goTo, quit } from './navigation.ts';
import { type AppState, type Step, say, screenNames, step } from './state.ts';

interface Command {
  readonly names: readonly string[];
  readonly what: string;
  readonly run: (state: AppState, rest: string) => Step;
}

/** What can be typed behind `:`. */
export const commands: readonly Command[] = [
  ...screenNames.map(
    (name): Command => ({ names: [name], what: `the screen ${name}`, run: (state) => goTo(state, name) }),
  ),
  {
    names: ['open'],
    what: 'open RUN: a record by its name',
    run: (state, id) =>
      id === '' ? step(say(state, 'open which run?', 'failed')) : step(state, { type: 'open-record', id }),
  },
  {
    names: ['start'],
    what: 'start PLAYBOOK: its form',
    run: (state, path) =>
      path === '' ? step(say(state, 'start which playbook?', 'failed')) : step(state, { type: 'form', path }),
  },
  {
    names: ['edit'],
    what: 'edit FILE[:LINE]',
    run: (state, place) =>
      place === '' ? step(say(state, 'edit which file?', 'failed')) : step(state, { type: 'edit', place }),
  },
  {
    names: ['stop'],
    what: 'stop the run; twice: now',
    run: (state) => (state.shown ? stop(state, state.shown) : step(say(state, 'no run goes on'))),
  },
  { names: ['help'], what: 'all keys', run: (state) => step({ ...state, isHelpOpen: true }) },
  { names: ['quit', 'q', 'q!'], what: 'leave', run: quit },
];

/** Does what was typed. A command may be cut short as long as it is clear which one is meant. */
export const runCommand = (state: AppState, text: string): Step => {
  const [word = '', ...rest] = text.trim().split(/\s+/);
  if (word === '') return step(state);
  const all = commands.flatMap(({ names }) => names);
  const exact = commands.find(({ names }) => names.includes(word));
  const near = commands.filter(({ names }) => names.some((name) => name.startsWith(word)));
  const command = exact ?? near[0];
  if (command) return command.run(state, rest.join(' '));
  const hint = didYouMean(word, all);
  return step(say(state, `there is no command '${word}'${hint ? `; ${hint}` : ''}`, 'failed'));
};
