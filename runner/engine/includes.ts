import { MusterError, SourceError } from '../errors/index.ts';
import type { BlockNode, TaskNode } from '../playbook/tree.ts';
import { toRepr, toText } from '../values/index.ts';
import type { Batch } from './batch.ts';
import type { HostState } from './host-state.ts';
import { failHost } from './outcome.ts';
import type { Inserted } from './program-counter.ts';
import { errorDetails, errorResult, shownResult } from './task/result.ts';
import type { IncludeRequest, Outcome } from './task/task-run.ts';

/** One file or role that hosts include in the same way: they go through its tasks together. */
interface Group {
  readonly request: IncludeRequest;
  readonly hosts: HostState[];
}

/** Loads what the hosts include and puts it into their plays, next to be run. Gives back the hosts that this fails. */
export const insertIncludes = async (
  batch: Batch,
  task: TaskNode,
  outcomes: readonly Outcome[],
): Promise<ReadonlySet<string>> => {
  const groups = groupRequests(batch, outcomes);
  const insertions = new Map<HostState, Inserted[]>();
  const failed = new Map<HostState, MusterError>();
  for (const group of groups) {
    try {
      const block = load(batch, task, group.request);
      const order = ++batch.run.includes;
      // Ansible counts a file with tasks in it, but neither a role nor an empty file.
      const counts = group.request.kind === 'tasks' && block.block.length > 0;
      for (const host of group.hosts) {
        insertions.set(host, [...(insertions.get(host) ?? []), { block, order }]);
        if (counts) batch.run.stats.count(host.name, 'ok');
      }
      if (block.block.length > 0 && !outcomes.every(({ isAnswered }) => isAnswered))
        report(batch, task, group, block.file);
    } catch (error) {
      // What is not there fails the hosts that include it; a mistake in what is there ends the run.
      if (!(error instanceof MusterError) || isMistake(error)) throw error;
      for (const host of group.hosts) failed.set(host, error);
    }
  }
  for (const [host, inserted] of insertions) if (!failed.has(host)) host.counter.insert(inserted);
  for (const [host, error] of failed) fail(batch, task, host, error);
  return new Set([...failed.keys()].map(({ name }) => name));
};

const isMistake = (error: MusterError): boolean =>
  error instanceof SourceError && !error.problems.every(({ isMissing }) => isMissing);

/** The hosts by what they ask for: the same arguments and item. A run_once task includes for its own host alone. */
const groupRequests = (batch: Batch, outcomes: readonly Outcome[]): Group[] => {
  const groups = new Map<string, Group>();
  for (const outcome of outcomes) {
    for (const request of outcome.includes) {
      const key = `${toRepr(request.args)}\0${toRepr(request.overlay)}`;
      const group = groups.get(key) ?? { request, hosts: [] };
      groups.set(key, group);
      // A failed host may still go through its always sections.
      const host = batch.play.states.get(outcome.run.host)!;
      if (!host.hasEnded && !host.isUnreachable) group.hosts.push(host);
    }
  }
  return [...groups.values()];
};

/** The included blocks. Their parent is the include with what the loop adds to its variables. */
const load = ({ run, play }: Batch, task: TaskNode, { kind, args, overlay }: IncludeRequest): BlockNode => {
  const include: TaskNode = overlay.size === 0 ? task : { ...task, vars: new Map([...task.vars, ...overlay]) };
  if (kind === 'tasks') {
    const block = run.context.loader.tasks(includedFile(task, args), { ...include, args });
    play.addIncluded(block, undefined);
    return block;
  }
  const { block, role } = run.context.loader.role(include, args);
  play.addIncluded(block, role);
  return block;
};

const includedFile = (task: TaskNode, args: IncludeRequest['args']): string => {
  const file = args.get('file') ?? args.get('_raw_params');
  if (file === undefined || file === null || file === '') {
    throw new MusterError({ message: `No file specified for ${task.action}`, origin: task.origin });
  }
  return toText(file);
};

const report = ({ run, ids }: Batch, task: TaskNode, { request, hosts }: Group, file: string): void =>
  run.context.bus.emit({
    type: 'included',
    task: ids.get(task) ?? '',
    file: request.kind === 'role' ? toText(request.args.get('name') ?? '') : file,
    hosts: hosts.map(({ name }) => name),
    label: request.label,
  });

const fail = ({ run, ids }: Batch, task: TaskNode, host: HostState, error: MusterError): void => {
  const rescued = failHost(run, host);
  run.stats.count(host.name, 'failed');
  const result = errorResult(error);
  run.context.bus.emit({
    type: 'host_result',
    task: ids.get(task) ?? '',
    host: host.name,
    status: 'failed',
    result: shownResult(result, false),
    ignored: false,
    showsDiff: false,
    visibility: 'verbose',
    isLoop: false,
    duration: 0,
    rescued,
    details: errorDetails(result, false),
  });
};
