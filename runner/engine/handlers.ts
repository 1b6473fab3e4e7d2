import { didYouMean, MusterError, type Origin } from '../errors/index.ts';
import { bearersOf, type TaskNode, tasksOf } from '../playbook/index.ts';
import { toText, type Value } from '../values/index.ts';
import { taskName } from './announce.ts';
import type { HostState } from './host-state.ts';
import type { PlayRun } from './play-run.ts';
import type { Run } from './run.ts';

/** The names by which a handler can be notified: its own, also with its role in front. */
const handlerNames = (run: Run, play: PlayRun, handler: TaskNode): string[] => {
  if (handler.name === undefined || handler.name === null) return [];
  const name = renderName(run, play, handler);
  if (!handler.role) return [name];
  const bare = handler.role.name.split('.').at(-1)!;
  return [name, `${handler.role.name} : ${name}`, `${bare} : ${name}`];
};

const renderName = (run: Run, play: PlayRun, handler: TaskNode): string => {
  try {
    const scope = run.scopes.of(play.batch[0] ?? '', play, handler);
    return toText(run.context.templar.render(handler.name ?? handler.action, scope, { failOnUndefined: true }));
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    // A name that hangs on what is not known yet cannot be meant by anybody.
    const name = toText(handler.name ?? handler.action);
    if (topics(handler).length === 0) {
      run.context.warn(
        `Handler '${name}' is unusable because it has no listen topics and the name could not be templated (host-specific variables are not supported in handler names). The error: ${error.message}`,
      );
    }
    return name;
  }
};

const topics = (handler: TaskNode): string[] => {
  const listen = handler.keywords.get('listen');
  return (Array.isArray(listen) ? listen : listen === undefined ? [] : [listen]).map(toText);
};

/** The handlers that a name notifies: of the list that was loaded last the first one called so, and all that listen. */
const findHandlers = (run: Run, play: PlayRun, name: string): readonly TaskNode[] => {
  const named = play.handlerBlocks
    .toReversed()
    .flatMap((block) => [...tasksOf([block])])
    .find((handler) => handlerNames(run, play, handler).includes(name));
  const listening = play.handlers.filter((handler) => topics(handler).includes(name));
  return [...new Set([...(named ? [named] : []), ...listening])];
};

/** Notes for a host the handlers that a changed task notifies. Throws MusterError for a name that no handler has. */
export const notify = (run: Run, play: PlayRun, task: TaskNode, host: HostState, names: readonly Value[]): void => {
  for (const name of names.map(toText)) {
    const handlers = findHandlers(run, play, name);
    if (handlers.length === 0) reportMissing(run, play, task, name);
    for (const handler of handlers) {
      if (host.notified.has(handler)) continue;
      host.notified.add(handler);
      run.context.bus.emit({
        type: 'handler_notified',
        host: host.name,
        handler: taskName(handler, () => renderName(run, play, handler) || name),
      });
    }
  }
};

const reportMissing = (run: Run, play: PlayRun, task: TaskNode, name: string): void => {
  const message = `The requested handler '${name}' was not found in either the main handlers list nor in the listening handlers list`;
  if (run.context.options.errorOnMissingHandler) {
    const names = play.handlers.flatMap((handler) => [...handlerNames(run, play, handler), ...topics(handler)]);
    throw new MusterError({ message, origin: placeOfNotify(task), hint: didYouMean(name, names) });
  }
  run.context.bus.emit({ type: 'warning', kind: 'warning', message });
};

/** `notify` may stand on a block around the task. */
const placeOfNotify = (task: TaskNode): Origin => {
  for (const { places } of bearersOf(task)) {
    const place = places.get('notify');
    if (place) return place;
  }
  return task.origin;
};
