import type { HostResult, ItemResult, Reader, TaskStarted } from '../events/index.ts';
import { failureLines } from './reason.ts';
import { safeText } from './safe-text.ts';
import { scalarText } from './value-lines.ts';

interface Case {
  readonly name: string;
  readonly className: string;
  readonly seconds: number;
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message: string;
  readonly text: string;
  readonly output: string;
}

interface Suite {
  readonly name: string;
  readonly startedAt: number;
  readonly cases: Case[];
}

/** A report for build servers, written at the end: a test suite a play, a test case a task on a host. */
export const junitOutput = (write: (text: string) => void): Reader => {
  const suites: Suite[] = [];
  const tasks = new Map<string, TaskStarted>();
  const items = new Map<string, ItemResult[]>();
  return (event) => {
    switch (event.type) {
      case 'play_started':
        suites.push({ name: event.name, startedAt: event.time, cases: [] });
        break;
      case 'task_started':
        tasks.set(event.task, event);
        break;
      case 'item_result': {
        const key = `${event.task} ${event.host}`;
        items.set(key, [...(items.get(key) ?? []), event]);
        break;
      }
      case 'host_result': {
        const key = `${event.task} ${event.host}`;
        suites.at(-1)?.cases.push(testCase(event, tasks.get(event.task), items.get(key) ?? []));
        items.delete(key);
        break;
      }
      case 'run_ended':
        write(report(suites, event.duration));
        break;
    }
  };
};

const testCase = (event: HostResult, task: TaskStarted | undefined, items: readonly ItemResult[]): Case => {
  const kind = kindOf(event);
  const lines = items
    .filter(({ status }) => kindOf({ ...event, status }) === kind)
    .flatMap((item) => failureLines(item.result, item.details, 0).map((line) => `${item.label}: ${line}`));
  const reasons = lines.length > 0 ? lines : failureLines(event.result, event.details, 0);
  const isBad = kind === 'failure' || kind === 'error';
  return {
    name: `[${event.host}] ${task?.name ?? 'a task'}`,
    className: task?.path ?? '',
    seconds: event.duration / 1000,
    kind,
    message: isBad ? reasons[0]! : kind === 'skipped' ? scalarText(event.result.skip_reason) : '',
    text: isBad ? reasons.join('\n') : '',
    output: ['stdout', 'stderr']
      .map((stream) => safeText(scalarText(event.result[stream])))
      .filter(Boolean)
      .join('\n'),
  };
};

/** A failure that does not count fails no test; a host that cannot be reached is an error of the surroundings. */
const kindOf = ({ status, ignored, rescued }: HostResult): Case['kind'] => {
  if (status === 'skipped') return 'skipped';
  if (ignored || rescued || status === 'ok' || status === 'changed') return 'passed';
  return status === 'unreachable' ? 'error' : 'failure';
};

const report = (suites: readonly Suite[], duration: number): string => {
  const all = suites.flatMap(({ cases }) => cases);
  const attributes = `${counts(all)} time="${(duration / 1000).toFixed(3)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="muster" ${attributes}>\n${suites
    .map(suiteXml)
    .join('')}</testsuites>\n`;
};

const suiteXml = ({ name, startedAt, cases }: Suite): string => {
  const seconds = cases.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3);
  const stamp = new Date(startedAt).toISOString().slice(0, 19);
  return `  <testsuite name="${escaped(name)}" ${counts(cases)} time="${seconds}" timestamp="${stamp}">\n${cases
    .map(caseXml)
    .join('')}  </testsuite>\n`;
};

const counts = (cases: readonly Case[]): string => {
  const count = (kind: Case['kind']): number => cases.filter((one) => one.kind === kind).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
};

const caseXml = ({ name, className, seconds, kind, message, text, output }: Case): string => {
  const head = `    <testcase name="${escaped(name)}" classname="${escaped(className)}" time="${seconds.toFixed(3)}"`;
  const told = message === '' ? '' : ` message="${escaped(message)}"`;
  const body = [
    kind === 'passed'
      ? ''
      : text === ''
        ? `      <${kind}${told}/>\n`
        : `      <${kind}${told}>${escaped(text)}</${kind}>\n`,
    output === '' ? '' : `      <system-out>${escaped(output)}</system-out>\n`,
  ].join('');
  return body === '' ? `${head}/>\n` : `${head}>\n${body}    </testcase>\n`;
};

// What XML cannot hold at all is left out.
const forbidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escaped = (text: string): string => text.replace(forbidden, '').replace(/[&<>"]/g, (one) => entities[one]!);
