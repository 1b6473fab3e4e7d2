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
  const view = new Classic(screen, options);
  return (event) => view.take(event);
};

class Classic {
  readonly #screen: Screen;
  readonly #options: ClassicOptions;
  readonly #tasks = new Map<string, TaskStarted>();
  /** The task whose title stands above the lines that come next. */
  #banner = '';

  constructor(screen: Screen, options: ClassicOptions) {
    this.#screen = screen;
    this.#options = options;
  }

  take(event: Timed): void {
    switch (event.type) {
      case 'playbook_started':
        if (this.#options.verbosity < 2) break;
        this.#title(`PLAYBOOK: ${basename(event.file)}`);
        this.#print(`${event.plays} plays in ${event.file}`);
        break;
      case 'play_skipped':
        this.#title(`PLAY [${event.name}]`);
        this.#print('skipping: no hosts matched', 'cyan');
        break;
      case 'play_started':
        this.#banner = '';
        this.#title(`PLAY${event.name === '' ? '' : ` [${event.name}]`}`);
        break;
      case 'task_started':
        this.#tasks.set(event.task, event);
        this.#showTask(event.task);
        break;
      case 'output':
        if (!this.#screen.isTerminal) break;
        this.#showTask(event.task);
        for (const line of event.lines)
          this.#print(`  ${event.host} | ${line}`, event.stream === 'stderr' ? 'purple' : 'gray');
        break;
      case 'item_result':
        this.#showItem(event);
        break;
      case 'host_result':
        this.#showResult(event);
        break;
      case 'retry':
        this.#showTask(event.task);
        this.#print(`FAILED - RETRYING: [${event.host}]: ${event.name} (${event.left} retries left).`, 'yellow');
        break;
      case 'async_poll':
        this.#print(
          `ASYNC POLL on ${event.host}: jid=${event.job} started=${event.started} finished=${event.finished}`,
        );
        break;
      case 'included': {
        if (/\.include_role$/.test(this.#tasks.get(event.task)?.module ?? '')) break;
        this.#showTask(event.task);
        const label = event.label === undefined ? '' : ` => (item=${event.label})`;
        this.#print(`included: ${event.file} for ${event.hosts.join(', ')}${label}`, 'cyan');
        break;
      }
      case 'meta':
        if (this.#options.verbosity >= 2) this.#print(`META: ${event.message}`);
        if (!event.done) this.#print(`skipping: [${event.host}]${this.#metaDetails(event)}`, 'cyan');
        break;
      case 'no_more_hosts':
        this.#title('NO MORE HOSTS LEFT');
        break;
      case 'waiting':
        this.#print(`[${this.#tasks.get(event.task)?.name ?? ''}]\n${event.message}`);
        break;
      case 'warning':
        this.#showWarning(event);
        break;
      case 'run_ended':
        this.#showRecap(event);
        break;
    }
  }

  #print(text: string, color?: Color): void {
    this.#screen.write(`${paint(this.#screen, color, text)}\n`);
  }

  // Like ansible-playbook's, also off a terminal: tools compare these lines.
  #wrap(text: string): string {
    return wrap(text, this.#screen.columns);
  }

  #title(text: string): void {
    this.#print(`\n${text} ${'*'.repeat(Math.max(3, this.#screen.columns - text.length))}`);
  }

  // On one line, unless more -v or the result itself asks for many.
  #dump(result: JsonObject, isIndented = false): string {
    const { verbosity } = this.#options;
    return dumpResult(result, isIndented || verbosity > 2, verbosity);
  }

  /** Says which task a line belongs to, when another one's lines came before it. */
  #showTask(id: string): void {
    const task = this.#tasks.get(id);
    if (!task || this.#banner === id) return;
    this.#banner = id;
    this.#title(`${task.isHandler ? 'RUNNING HANDLER' : 'TASK'} [${task.name}]`);
    if (this.#options.verbosity >= 2) this.#print(`task path: ${task.path}`, 'gray');
  }

  #details(event: HostResult | ItemResult): string {
    const always = event.visibility === 'always';
    if (!always && (this.#options.verbosity < 1 || event.visibility === 'never')) return '';
    const shown = this.#tasks.get(event.task)?.module === 'ansible.builtin.debug' ? debugResult(event) : event.result;
    return ` => ${this.#dump(shown, always)}`;
  }

  #showDiff(event: HostResult | ItemResult): void {
    if (!event.showsDiff || event.result.diff === undefined) return;
    const text = diffText(event.result.diff, this.#screen, this.#options.diffContext);
    if (text !== '') this.#screen.write(`${text}\n`);
  }

  #showWarnings(result: JsonObject): void {
    for (const message of Array.isArray(result.warnings) ? result.warnings : []) {
      this.#screen.warn(`${paint(this.#screen, 'brightPurple', this.#wrap(`[WARNING]: ${String(message)}`))}\n`);
    }
  }

  #showFailure(event: HostResult | ItemResult, line: string, color: Color): void {
    this.#print(`${line} => ${this.#dump(event.result, event.visibility === 'always')}`, color);
    if (event.ignored) this.#print('...ignoring', 'cyan');
    else for (const details of event.details ?? []) this.#print(detailsText(details));
  }

  #showItem(event: ItemResult): void {
    if (isHidden(event, this.#options)) return;
    this.#showTask(event.task);
    this.#showWarnings(event.result);
    this.#showDiff(event);
    const host = `[${hostLabel(event)}]`;
    if (event.status === 'failed' || event.status === 'unreachable') {
      this.#showFailure(event, `failed: ${host} (item=${event.label})`, 'red');
    } else if (event.status === 'skipped') {
      const text = this.#options.verbosity > 0 ? ` => ${this.#dump(event.result)}` : '';
      this.#print(`skipping: ${host} => (item=${event.label}) ${text}`, 'cyan');
    } else {
      this.#print(`${event.status}: ${host} => (item=${event.label})${this.#details(event)}`, colorOf(event.status));
    }
  }

  #showResult(event: HostResult): void {
    const hasItems = event.isLoop && Array.isArray(event.result.results) && event.result.results.length > 0;
    const isPlain = event.status === 'ok' || event.status === 'changed';
    if (isHidden(event, this.#options) || (hasItems && event.status !== 'skipped' && event.status !== 'unreachable'))
      return;
    const isInclude = /\.include(_tasks|_role)?$/.test(this.#tasks.get(event.task)?.module ?? '');
    if (isPlain && isInclude) return;
    this.#showTask(event.task);
    if (!hasItems) this.#showWarnings(event.result);
    if (!hasItems) this.#showDiff(event);
    const host = `[${hostLabel(event)}]`;
    if (event.status === 'unreachable') this.#showFailure(event, `fatal: ${host}: UNREACHABLE!`, 'brightRed');
    else if (event.status === 'failed') this.#showFailure(event, `fatal: ${host}: FAILED!`, 'red');
    else if (event.status === 'skipped') this.#print(`skipping: ${host}${this.#skipDetails(event, hasItems)}`, 'cyan');
    else this.#print(`${event.status}: ${host}${this.#details(event)}`, colorOf(event.status));
  }

  #metaDetails({ action, message }: MetaDone): string {
    if (this.#options.verbosity < 1) return '';
    const result = { msg: action === 'end_host' ? message.replace('False', 'false') : action, skip_reason: message };
    return ` => ${this.#dump(result)}`;
  }

  #skipDetails(event: HostResult, hasItems: boolean): string {
    if (this.#options.verbosity < 1) return '';
    const { results: _results, ...rest } = event.result;
    return ` => ${this.#dump(hasItems || event.isLoop ? rest : event.result)}`;
  }

  #showRecap({ stats, custom }: RunEnded): void {
    this.#title('PLAY RECAP');
    for (const host of Object.keys(stats).sort()) this.#print(recapLine(this.#screen, host, stats[host]!));
    this.#print('');
    if (!this.#options.showsCustomStats || Object.keys(custom).length === 0) return;
    this.#title('CUSTOM STATS: ');
    for (const host of Object.keys(custom).sort()) {
      const name = host === '_run' ? 'RUN' : host;
      this.#print(`\t${name}: ${dumpJson(toValue(custom[host] as Result), { sortKeys: true, ensureAscii: false })}`);
    }
    this.#print('');
  }

  #showWarning({ kind, message }: Warning): void {
    const labels = { warning: '[WARNING]: ', deprecation: '[DEPRECATION WARNING]: ', error: 'ERROR! ' };
    const color = kind === 'warning' ? 'brightPurple' : kind === 'error' ? 'red' : 'purple';
    const text = labels[kind] + message;
    this.#screen.warn(`${paint(this.#screen, color, kind === 'error' ? text : this.#wrap(text))}\n`);
  }
}

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
