import type { HostStats, MetaDone, ResultStatus, RunEvent } from '../../runner/events/index.ts';
import type { JsonObject } from '../../runner/values/index.ts';

interface Outcome {
  readonly task: string;
  readonly host: string;
  readonly status: ResultStatus;
  readonly ignored: boolean;
  readonly result: JsonObject;
}

/** What happens in a run, in the words that Ansible's callback (callback_plugins/transcript.py) and muster have in common. */
export type Entry =
  | { readonly kind: 'playbook' | 'no hosts matched' }
  | { readonly kind: 'play'; readonly name: string }
  | { readonly kind: 'task'; readonly task: string; readonly name: string; readonly handler: boolean }
  | ({ readonly kind: 'result' } & Outcome)
  | ({ readonly kind: 'item'; readonly label: string } & Outcome)
  | { readonly kind: 'retry'; readonly task: string; readonly host: string; readonly left: number }
  | { readonly kind: 'included'; readonly file: string; readonly hosts: readonly string[] }
  | { readonly kind: 'notified'; readonly handler: string; readonly host: string }
  | { readonly kind: 'recap'; readonly hosts: Readonly<Record<string, Recap>>; readonly custom: JsonObject };

/** Ansible's names of the counters in its summaries. */
export type Recap = Readonly<Record<string, number>>;

/** muster's events as entries; what the other side does not tell is left out. */
export const fromEvents = (events: readonly RunEvent[]): Entry[] => {
  const tasksOf = (module: RegExp): Set<string> =>
    new Set(events.flatMap((event) => (event.type === 'task_started' && module.test(event.module) ? event.task : [])));
  const includes = tasksOf(/\.include_(tasks|role)$/);
  const roles = tasksOf(/\.include_role$/);
  const isTold = (event: RunEvent): boolean =>
    !(event.type === 'included' && roles.has(event.task)) &&
    !(event.type === 'item_result' && includes.has(event.task));
  return events.filter(isTold).flatMap((event) => fromEvent(event) ?? []);
};

const fromEvent = (event: RunEvent): Entry | Entry[] | undefined => {
  switch (event.type) {
    case 'playbook_started':
      return { kind: 'playbook' };
    case 'play_started':
      return { kind: 'play', name: event.name };
    case 'play_skipped':
      return [{ kind: 'play', name: event.name }, { kind: 'no hosts matched' }];
    case 'task_started':
      return { kind: 'task', task: event.task, name: event.name, handler: event.isHandler };
    case 'host_result':
      return { ...event, kind: 'result' };
    case 'item_result':
      return { ...event, kind: 'item' };
    case 'retry':
      return { kind: 'retry', task: event.task, host: event.host, left: event.left };
    case 'meta':
      return event.done ? undefined : skippedMeta(event);
    case 'included':
      return { kind: 'included', file: event.file, hosts: [...event.hosts].sort() };
    case 'handler_notified':
      return { kind: 'notified', handler: event.handler, host: event.host };
    case 'run_ended':
      return {
        kind: 'recap',
        hosts: Object.fromEntries(Object.entries(event.stats).map(([host, stats]) => [host, recap(stats)])),
        custom: event.custom,
      };
    default:
      return undefined;
  }
};

const skippedMeta = ({ task, host }: MetaDone): Entry => ({
  kind: 'result',
  task,
  host,
  status: 'skipped',
  ignored: false,
  result: {},
});

const recap = ({ failed, unreachable, ...rest }: HostStats): Recap => ({
  ...rest,
  failures: failed,
  unreachable,
});
