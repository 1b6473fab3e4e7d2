import { basename } from 'node:path';
import type {
  HostResult,
  HostStats,
  ItemResult,
  MetaDone,
  Reader,
  RunEnded,
  TaskStarted,
  Timed,
  Warning,
} from '../events/index.ts';
import { dumpJson, type JsonObject, type Result, toValue } from '../values/index.ts';
import { detailsText } from './details-text.ts';
import { diffText } from './diff-text.ts';
import { type Color, paint, type Screen } from './screen.ts';

export interface ClassicOptions {
  readonly verbosity: number;
  readonly showsSkipped: boolean;
  readonly showsOk: boolean;
  readonly showsCustomStats: boolean;
  readonly diffContext: number;
}

/**
 * The lines of ansible-playbook's default callback, for eyes and tools that are used to them. At a terminal the output
 * of running commands shows as it comes.
 */
export const classicOutput = (screen: Screen, options: ClassicOptions): Reader => {
  const tasks = new Map<string, TaskStarted>();
  const waiting = new Map<string, TaskStarted>();
  let banner = '';

  const print = (text: string, color?: Color): void => screen.write(`${paint(screen, color, text)}\n`);
  // Like ansible-playbook's, also off a terminal: tools compare these lines.
  const wrapped = (text: string): string => wrap(text, screen.columns);
  const title = (text: string): void => print(`\n${text} ${'*'.repeat(Math.max(3, screen.columns - text.length))}`);

  /** Says which task a line belongs to, when another one's lines came before it. */
  const showTask = (id: string): void => {
    const task = tasks.get(id);
    if (!task || banner === id) return;
    banner = id;
    waiting.delete(id);
    title(`${task.isHandler ? 'RUNNING HANDLER' : 'TASK'} [${task.name}]`);
    if (options.verbosity >= 2) print(`task path: ${task.path}`, 'gray');
  };

  const details = (event: HostResult | ItemResult): string => {
    const always = event.visibility === 'always';
    if (!always && (options.verbosity < 1 || event.visibility === 'never')) return '';
    const shown = tasks.get(event.task)?.module === 'ansible.builtin.debug' ? debugResult(event) : event.result;
    return ` => ${dumpResult(shown, always || options.verbosity > 2, options.verbosity)}`;
  };

  const showDiff = (event: HostResult | ItemResult): void => {
    if (!event.showsDiff || event.result.diff === undefined) return;
    const text = diffText(event.result.diff, screen, options.diffContext);
    if (text !== '') screen.write(`${text}\n`);
  };

  const showWarnings = (result: JsonObject): void => {
    for (const message of Array.isArray(result.warnings) ? result.warnings : []) {
      screen.warn(`${paint(screen, 'brightPurple', wrapped(`[WARNING]: ${String(message)}`))}\n`);
    }
  };

  const showFailure = (event: HostResult | ItemResult, line: string, color: Color): void => {
    const isIndented = event.visibility === 'always' || options.verbosity > 2;
    print(`${line} => ${dumpResult(event.result, isIndented, options.verbosity)}`, color);
    if (event.ignored) print('...ignoring', 'cyan');
    else for (const details of event.details ?? []) print(detailsText(details));
  };

  const showItem = (event: ItemResult): void => {
    if (isHidden(event, options)) return;
    showTask(event.task);
    showWarnings(event.result);
    showDiff(event);
    const host = `[${hostLabel(event)}]`;
    if (event.status === 'failed' || event.status === 'unreachable') {
      showFailure(event, `failed: ${host} (item=${event.label})`, 'red');
    } else if (event.status === 'skipped') {
      const text =
        options.verbosity > 0 ? ` => ${dumpResult(event.result, options.verbosity > 2, options.verbosity)}` : '';
      print(`skipping: ${host} => (item=${event.label}) ${text}`, 'cyan');
    } else {
      print(`${event.status}: ${host} => (item=${event.label})${details(event)}`, colorOf(event.status));
    }
  };

  const showResult = (event: HostResult): void => {
    const hasItems = event.isLoop && Array.isArray(event.result.results) && event.result.results.length > 0;
    const isPlain = event.status === 'ok' || event.status === 'changed';
    if (isHidden(event, options) || (hasItems && event.status !== 'skipped' && event.status !== 'unreachable')) return;
    const isInclude = /\.include(_tasks|_role)?$/.test(tasks.get(event.task)?.module ?? '');
    if (isPlain && isInclude) return;
    showTask(event.task);
    if (!hasItems) showWarnings(event.result);
    if (!hasItems) showDiff(event);
    const host = `[${hostLabel(event)}]`;
    if (event.status === 'unreachable') showFailure(event, `fatal: ${host}: UNREACHABLE!`, 'brightRed');
    else if (event.status === 'failed') showFailure(event, `fatal: ${host}: FAILED!`, 'red');
    else if (event.status === 'skipped') print(`skipping: ${host}${skipDetails(event, hasItems)}`, 'cyan');
    else print(`${event.status}: ${host}${details(event)}`, colorOf(event.status));
  };

  const metaDetails = ({ action, message }: MetaDone): string => {
    if (options.verbosity < 1) return '';
    const result = { msg: action === 'end_host' ? message.replace('False', 'false') : action, skip_reason: message };
    return ` => ${dumpResult(result, options.verbosity > 2, options.verbosity)}`;
  };

  const skipDetails = (event: HostResult, hasItems: boolean): string => {
    if (options.verbosity < 1) return '';
    const { results: _results, ...rest } = event.result;
    return ` => ${dumpResult(hasItems || event.isLoop ? rest : event.result, options.verbosity > 2, options.verbosity)}`;
  };

  const showRecap = ({ stats, custom }: RunEnded): void => {
    title('PLAY RECAP');
    for (const host of Object.keys(stats).sort()) print(recapLine(screen, host, stats[host]!));
    print('');
    if (!options.showsCustomStats || Object.keys(custom).length === 0) return;
    title('CUSTOM STATS: ');
    for (const host of Object.keys(custom).sort()) {
      const name = host === '_run' ? 'RUN' : host;
      print(`\t${name}: ${dumpJson(toValue(custom[host] as Result), { sortKeys: true, ensureAscii: false })}`);
    }
    print('');
  };

  const showWarning = ({ kind, message }: Warning): void => {
    const labels = { warning: '[WARNING]: ', deprecation: '[DEPRECATION WARNING]: ', error: 'ERROR! ' };
    const color = kind === 'warning' ? 'brightPurple' : kind === 'error' ? 'red' : 'purple';
    const text = labels[kind] + message;
    screen.warn(`${paint(screen, color, kind === 'error' ? text : wrapped(text))}\n`);
  };

  return (event: Timed) => {
    switch (event.type) {
      case 'playbook_started':
        if (options.verbosity < 2) break;
        title(`PLAYBOOK: ${basename(event.file)}`);
        print(`${event.plays} plays in ${event.file}`);
        break;
      case 'play_skipped':
        title(`PLAY [${event.name}]`);
        print('skipping: no hosts matched', 'cyan');
        break;
      case 'play_started':
        banner = '';
        title(`PLAY${event.name === '' ? '' : ` [${event.name}]`}`);
        break;
      case 'task_started':
        tasks.set(event.task, event);
        showTask(event.task);
        break;
      case 'output':
        if (!screen.isTerminal) break;
        showTask(event.task);
        for (const line of event.lines)
          print(`  ${event.host} | ${line}`, event.stream === 'stderr' ? 'purple' : 'gray');
        break;
      case 'item_result':
        showItem(event);
        break;
      case 'host_result':
        showResult(event);
        break;
      case 'retry':
        showTask(event.task);
        print(`FAILED - RETRYING: [${event.host}]: ${event.name} (${event.left} retries left).`, 'yellow');
        break;
      case 'async_poll':
        print(`ASYNC POLL on ${event.host}: jid=${event.job} started=${event.started} finished=${event.finished}`);
        break;
      case 'included': {
        if (/\.include_role$/.test(tasks.get(event.task)?.module ?? '')) break;
        showTask(event.task);
        const label = event.label === undefined ? '' : ` => (item=${event.label})`;
        print(`included: ${event.file} for ${event.hosts.join(', ')}${label}`, 'cyan');
        break;
      }
      case 'meta':
        if (options.verbosity >= 2) print(`META: ${event.message}`);
        if (!event.done) print(`skipping: [${event.host}]${metaDetails(event)}`, 'cyan');
        break;
      case 'no_more_hosts':
        title('NO MORE HOSTS LEFT');
        break;
      case 'waiting':
        print(`[${tasks.get(event.task)?.name ?? ''}]\n${event.message}`);
        break;
      case 'warning':
        showWarning(event);
        break;
      case 'run_ended':
        showRecap(event);
        break;
    }
  };
};

const isHidden = (event: HostResult | ItemResult, options: ClassicOptions): boolean =>
  (event.status === 'skipped' && !options.showsSkipped) || (event.status === 'ok' && !options.showsOk);

const hostLabel = ({ host, delegatedTo }: HostResult | ItemResult): string =>
  delegatedTo === undefined || delegatedTo === host ? host : `${host} -> ${delegatedTo}`;

const colorOf = (status: string): Color => (status === 'changed' ? 'yellow' : 'green');

/** Of a debug task only what it was asked to show. */
const debugResult = ({ result }: HostResult | ItemResult): JsonObject => {
  if (result.msg !== undefined) return { msg: result.msg };
  const { changed: _changed, failed: _failed, ...shown } = result;
  return shown;
};

/** A result as JSON, without what only more -v shows. */
const dumpResult = (result: JsonObject, indented: boolean, verbosity: number): string => {
  const shown: JsonObject = { ...result };
  delete shown.warnings;
  delete shown.deprecations;
  if (verbosity < 3) {
    delete shown.diff;
    delete shown.invocation;
    delete shown.exception;
  }
  if (shown.failed === false || shown.failed === true) delete shown.failed;
  return dumpJson(toValue(shown as Result), { sortKeys: true, ensureAscii: false, indent: indented ? 4 : null });
};

const recapLine = (screen: Screen, host: string, stats: HostStats): string => {
  const hostColor: Color = stats.failed || stats.unreachable ? 'red' : stats.changed ? 'yellow' : 'green';
  const counter = (label: string, count: number, color: Color): string =>
    paint(screen, count > 0 ? color : undefined, `${label}=${String(count).padEnd(4)}`);
  const name = paint(screen, hostColor, host) + ' '.repeat(Math.max(0, 26 - host.length));
  return `${name} : ${[
    counter('ok', stats.ok, 'green'),
    counter('changed', stats.changed, 'yellow'),
    counter('unreachable', stats.unreachable, 'brightRed'),
    counter('failed', stats.failed, 'red'),
    counter('skipped', stats.skipped, 'cyan'),
    counter('rescued', stats.rescued, 'green'),
    counter('ignored', stats.ignored, 'blue'),
  ].join(' ')}`;
};

/** Breaks text at blanks so that it fits, as Python's textwrap does. */
const wrap = (text: string, width: number): string => {
  const lines: string[] = [''];
  for (const word of text.split(/(?<=\s)|\n/)) {
    if (lines.at(-1)!.length > 0 && (lines.at(-1)! + word).trimEnd().length > width) lines.push('');
    lines.push(lines.pop()! + word);
  }
  return lines.map((line) => line.trimEnd()).join('\n');
};
