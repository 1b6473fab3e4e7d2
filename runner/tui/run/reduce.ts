import type { HostResult, Timed } from '../../events/index.ts';
import { messageOf } from '../../output/reason.ts';
import { type Cell, cell, cellOf, isFailure } from './cell.ts';
import { cellKey, type RunState, taskOfKey } from './run-state.ts';

const mostNotes = 200;
const mostMessages = 20_000;
const longestMessage = 300;

/** Takes an event into the run. What it costs hangs neither on how many events there were nor on what is shown. */
export const reduceRun = (run: RunState, event: Timed): RunState => {
  run.version++;
  run.events++;
  run.time = event.time;
  run.startedAt ??= event.time;
  switch (event.type) {
    case 'run_started':
      run.playbooks = event.playbooks;
      run.check = event.check;
      break;
    case 'playbook_started':
      run.plannedPlays += event.plays;
      break;
    case 'play_started':
      run.plays.push({
        number: event.play,
        name: event.name,
        firstTask: run.tasks.length,
        hosts: event.hosts.length,
      });
      for (const host of event.hosts) hostAt(run, host);
      break;
    case 'task_started':
      addTask(run, event);
      break;
    case 'host_started':
      setCell(run, event, cell.running);
      break;
    case 'waiting':
      setCell(run, event, cell.waiting);
      break;
    case 'output':
      run.output.add(keyOf(run, event), event.stream, event.lines);
      break;
    case 'item_result':
      run.results.addItem(keyOf(run, event), event);
      break;
    case 'retry':
      run.output.add(keyOf(run, event), 'stderr', [`${messageOf(event.result)}; ${event.left} tries are left`]);
      break;
    case 'host_result':
      takeResult(run, event);
      break;
    case 'meta':
      setCell(run, event, event.done ? cell.ok : cell.skipped);
      break;
    case 'warning':
      if (run.notes.length < mostNotes) run.notes.push({ kind: event.kind, text: event.message });
      break;
    case 'run_ended':
      run.exitCode = event.exitCode;
      run.stats = event.stats;
      break;
  }
  return run;
};

type OnHost = Timed & { readonly host: string; readonly task: string };

const hostAt = (run: RunState, name: string): number => {
  let index = run.hostIndex.get(name);
  if (index === undefined) {
    index = run.matrix.addHost();
    run.hosts.push(name);
    run.hostIndex.set(name, index);
  }
  return index;
};

/** The column of a task; of one that was never announced, a new one. */
const taskAt = (run: RunState, id: string, time: number): number =>
  run.taskIndex.get(id) ??
  newColumn(run, id, {
    name: id,
    module: '',
    path: '',
    play: run.plays.length,
    isHandler: false,
    startedAt: time,
    lastAt: time,
  });

const newColumn = (run: RunState, id: string, column: RunState['tasks'][number]): number => {
  const index = run.matrix.addTask();
  run.tasks.push(column);
  run.taskIndex.set(id, index);
  return index;
};

const addTask = (run: RunState, event: Extract<Timed, { type: 'task_started' }>): void => {
  if (run.taskIndex.has(event.task)) return;
  const { name, module, path, play, isHandler, time } = event;
  newColumn(run, event.task, { name, module, path, play, isHandler, startedAt: time, lastAt: time });
};

const keyOf = (run: RunState, { host, task, time }: OnHost): number =>
  cellKey(hostAt(run, host), taskAt(run, task, time));

const setCell = (run: RunState, { host, task, time }: OnHost, kind: Cell, duration = 0): void =>
  run.matrix.set(hostAt(run, host), taskAt(run, task, time), kind, duration);

const takeResult = (run: RunState, event: Timed<HostResult>): void => {
  const host = hostAt(run, event.host);
  const kind = cellOf(event);
  if (isFailure(kind) && !hasFailed(run, host)) run.lostHosts++;
  setCell(run, event, kind, Math.round(event.duration));
  const key = keyOf(run, event);
  run.results.add(key, event);
  run.tasks[taskOfKey(key)]!.lastAt = event.time;
  if (event.status !== 'failed' && event.status !== 'unreachable') return;
  if (run.messages.size < mostMessages) run.messages.set(key, messageOf(event.result).slice(0, longestMessage));
};

const hasFailed = ({ matrix }: RunState, host: number): boolean =>
  matrix.ofHost(host, cell.failed) + matrix.ofHost(host, cell.unreachable) > 0;
