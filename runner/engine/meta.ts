import { MusterError, nearest } from '../errors/index.ts';
import type { TaskNode } from '../playbook/tree.ts';
import { toText, type Value } from '../values/index.ts';
import { announce } from './announce.ts';
import type { Batch } from './batch.ts';
import type { HostState } from './host-state.ts';
import { conditionsHold } from './task/conditions.ts';

type Meta = (batch: Batch, task: TaskNode, hosts: readonly HostState[]) => Promise<void> | void;

const actions: Readonly<Record<string, Meta>> = {
  noop: () => {},
  flush_handlers: ({ play }, _task, hosts) => {
    for (const host of hosts) {
      if (host.notified.size > 0) host.counter.runHandlers(play.handlers, (handler) => host.notified.has(handler));
    }
  },
  refresh_inventory: ({ run }) => run.context.catalog.refresh(),
  clear_facts: ({ run }, _task, hosts) => {
    for (const host of hosts) run.context.store.clearFacts(host.name);
  },
  clear_host_errors: ({ run, play }) => {
    for (const host of play.states.values()) {
      run.lost.failed.delete(host.name);
      run.lost.unreachable.delete(host.name);
      host.counter.clearFailures();
      host.hasFailed = false;
      if (host.isUnreachable) {
        host.isUnreachable = false;
        host.hasEnded = false;
      }
    }
  },
  end_play: ({ play }) => {
    play.isOver = true;
    for (const host of play.states.values()) if (!host.isUnreachable) end(host);
  },
  end_batch: ({ play }) => {
    for (const host of play.states.values()) if (!host.isUnreachable) end(host);
  },
  end_host: ({ play }, _task, hosts) => {
    for (const host of hosts) {
      end(host);
      play.removed.add(host.name);
    }
  },
  end_role: (_batch, _task, hosts) => {
    for (const host of hosts) host.counter.endRole();
  },
  reset_connection: async ({ run }, _task, hosts) => {
    await Promise.all(hosts.map((host) => run.context.resetConnection(host.name)));
  },
  role_complete: () => {},
};

/** Those that can have conditions. Of those that act on all hosts the first one is asked. */
const takesConditions = new Set([
  'flush_handlers',
  'clear_facts',
  'clear_host_errors',
  'end_batch',
  'end_host',
  'end_play',
  'end_role',
]);

const actsOnOne = new Set(['noop', 'reset_connection', 'end_host', 'end_role', 'flush_handlers']);

const end = (host: HostState): void => {
  host.counter.end();
  host.hasEnded = true;
};

/** Does a `meta` task: something about the run itself. */
export const runMeta = async (
  batch: Batch,
  task: TaskNode,
  hosts: readonly HostState[],
  isQuiet: boolean,
): Promise<void> => {
  const name = metaName(task);
  const action = actions[name];
  if (!action) {
    const near = nearest(name, Object.keys(actions));
    throw new MusterError({
      message: `invalid meta action requested: ${name}`,
      origin: task.origin,
      expected: `one of ${Object.keys(actions).join(', ')}`,
      hint: near && `did you mean '${near}'?`,
    });
  }
  const { run, play } = batch;
  // Those that act on one host are shown for each.
  if (!task.isImplicit)
    for (const host of actsOnOne.has(name) ? hosts : hosts.slice(0, 1)) announce(batch, task, [host], isQuiet);
  const asked = actsOnOne.has(name) ? hosts : hosts.slice(0, 1);
  const holdsFor = (host: HostState): boolean => {
    const ask = (): boolean => conditionsHold(task, run.context, run.scopes.of(host.name, play, task));
    return run.restorer && !task.isImplicit ? run.restorer.decide(play.number, host, ask) : ask();
  };
  const holding = takesConditions.has(name) ? asked.filter(holdsFor) : asked;
  if (!takesConditions.has(name) && (task.keywords.get('when') as Value[] | undefined)?.length) {
    run.context.warn(`${name} task does not support when conditional`);
  }
  if (!isQuiet) for (const host of asked) report(batch, task, host, name, holding.includes(host));
  if (holding.length > 0) await action(batch, task, actsOnOne.has(name) ? holding : hosts);
};

const done: Readonly<Record<string, (host: string) => string>> = {
  flush_handlers: (host) => `triggered running handlers for ${host}`,
  refresh_inventory: () => 'inventory successfully refreshed',
  clear_facts: () => 'facts cleared',
  clear_host_errors: () => 'cleared host errors',
  end_batch: () => 'ending batch',
  end_play: () => 'ending play',
  end_host: (host) => `ending play for ${host}`,
  reset_connection: () => 'reset connection',
};

const left: Readonly<Record<string, (host: string) => string>> = {
  flush_handlers: (host) => `not running handlers for ${host}`,
  clear_facts: (host) => `not clearing facts and fact cache for ${host}`,
  clear_host_errors: (host) => `not clearing host error state for ${host}`,
  end_batch: () => 'continuing current batch',
  end_play: () => 'continuing play',
  end_host: (host) => `continuing execution for ${host}`,
};

const describe = (name: string, host: string, isDone: boolean): string =>
  isDone
    ? (done[name]?.(host) ?? name)
    : `${name} conditional evaluated to False, ${left[name]?.(host) ?? `leaving ${host} alone`}`;

/** Says what became of a meta task that somebody wrote. */
const report = ({ run, ids }: Batch, task: TaskNode, host: HostState, name: string, isDone: boolean): void => {
  const id = ids.get(task);
  if (task.isImplicit || id === undefined) return;
  run.context.bus.emit({
    type: 'meta',
    task: id,
    host: host.name,
    action: name,
    done: isDone,
    message: describe(name, host.name, isDone),
  });
};

const metaName = (task: TaskNode): string => {
  return toText(task.freeForm ?? task.args.get('free_form') ?? task.args.get('_raw_params') ?? '').trim();
};
