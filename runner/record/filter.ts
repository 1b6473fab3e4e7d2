import type { TaskStarted, Timed } from '../events/index.ts';
import { starRegex } from '../values/index.ts';

export interface EventFilter {
  /** Only what concerns these hosts: names, with `*` and `?`, separated by commas. */
  readonly host?: string | undefined;
  /** Only failures that count. */
  readonly failed?: boolean | undefined;
}

/** Whether a host is meant by a list of names with `*` and `?`. */
export const hostMatcher = (patterns: string): ((host: string) => boolean) => {
  const expressions = patterns.split(',').map((pattern) => starRegex(pattern.trim()));
  return (host) => expressions.some((expression) => expression.test(host));
};

/** The events that pass. A task is announced only when something of it passes. */
export async function* filterEvents(events: AsyncIterable<Timed>, filter: EventFilter): AsyncGenerator<Timed> {
  const isMeant = filter.host === undefined ? () => true : hostMatcher(filter.host);
  const onlyMeant = (hosts: readonly string[]): string[] => hosts.filter(isMeant);
  const held = new Map<string, Timed<TaskStarted>>();
  for await (const event of events) {
    if (event.type === 'play_started') {
      held.clear();
      const hosts = onlyMeant(event.hosts);
      if (hosts.length > 0) yield { ...event, hosts };
    } else if (event.type === 'task_started')
      held.set(event.task, { ...event, hosts: filter.failed ? [] : onlyMeant(event.hosts) });
    else if (event.type === 'run_ended') {
      const stats = Object.entries(event.stats).filter(
        ([host, counters]) => isMeant(host) && (!filter.failed || counters.failed + counters.unreachable > 0),
      );
      yield { ...event, stats: Object.fromEntries(stats) };
    } else if (event.type === 'included') {
      const hosts = onlyMeant(event.hosts);
      if (hosts.length > 0 && !filter.failed) yield { ...event, hosts };
    } else if (!('host' in event)) yield event;
    else if (isMeant(event.host) && passes(event, filter)) {
      const task = 'task' in event ? held.get(event.task) : undefined;
      if (task) {
        held.delete(task.task);
        yield task;
      }
      yield event;
    }
  }
}

const passes = (event: Timed, { failed }: EventFilter): boolean => {
  if (!failed) return true;
  if (event.type !== 'host_result' && event.type !== 'item_result') return false;
  if (event.ignored || (event.type === 'host_result' && event.rescued)) return false;
  return event.status === 'failed' || event.status === 'unreachable';
};
