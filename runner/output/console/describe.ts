import type { HostResult, ItemResult } from '../../events/index.ts';
import { diffText } from '../diff-text.ts';
import { debugLines, failureLines, resultLines } from '../reason.ts';
import { safeText } from '../safe-text.ts';
import type { Color, Screen } from '../screen.ts';
import { scalarText } from '../value-lines.ts';
import type { ConsoleOptions } from './options.ts';

/** What is shown of a task's end on a host. Hosts of which the same is to be said are shown together. */
export interface Description {
  readonly label: string;
  readonly color: Color;
  readonly lines: readonly string[];
  readonly diff: string;
}

type Outcome = HostResult | ItemResult;

const colors: Readonly<Record<HostResult['status'], Color>> = {
  ok: 'green',
  changed: 'yellow',
  failed: 'red',
  skipped: 'cyan',
  unreachable: 'brightRed',
};

const mostLabels = 8;
const longestLabel = 40;

/** What to show of a result; undefined when its being counted is enough. */
export const describe = (
  event: HostResult,
  items: readonly ItemResult[],
  module: string,
  screen: Screen,
  options: ConsoleOptions,
): Description | undefined => {
  const { status } = event;
  const isDebug = module === 'ansible.builtin.debug';
  const diff = [...items, ...(items.length === 0 ? [event] : [])]
    .map((one) => diffOf(one, screen, options.diffContext))
    .join('');
  if (status === 'failed' || status === 'unreachable') {
    const label = event.ignored ? 'ignored' : event.type === 'host_result' && event.rescued ? 'rescued' : status;
    const color = label === status ? colors[status] : 'cyan';
    return { label, color, lines: failedLines(event, items, options.verbosity), diff };
  }
  // Check mode does not know what would have come of it: that is no ordinary skip.
  if (status === 'skipped' && event.reason !== undefined) {
    return { label: 'conditional', color: colors.skipped, lines: [event.reason], diff };
  }
  const shows = options.verbosity > 0 && event.visibility !== 'never';
  if (isDebug && status !== 'skipped') {
    const shown = items.length > 0 ? items.filter(isDone) : [event];
    const lines = shown.flatMap(({ result }) => debugLines(result));
    // Several lines stand below the hosts, where their indentation is seen.
    return { label: status, color: colors[status], lines: lines.length > 1 ? ['', ...lines] : lines, diff };
  }
  if (status === 'changed' || options.verbosity > 0 || diff !== '') {
    const lines = shows ? verboseLines(event, items, options.verbosity) : changedItems(items);
    return { label: status, color: colors[status], lines, diff };
  }
  return undefined;
};

const isDone = ({ status }: Outcome): boolean => status === 'ok' || status === 'changed';

const failedLines = (event: HostResult, items: readonly ItemResult[], verbosity: number): string[] => {
  const failed = items.filter(({ status }) => status === 'failed' || status === 'unreachable');
  if (failed.length === 0) return failureLines(event.result, event.details, verbosity);
  return [
    `${failed.length} of ${items.length} ${items.length === 1 ? 'item' : 'items'} failed`,
    ...failed.flatMap((item) => {
      const [first = '', ...rest] = failureLines(item.result, item.details, verbosity);
      return [`item ${labelText(item)}: ${first}`, ...rest.map((line) => `  ${line}`)];
    }),
  ];
};

/** `vim, git (2 of 5 items)`: which items changed something. */
const changedItems = (items: readonly ItemResult[]): string[] => {
  const changed = items.filter(({ status }) => status === 'changed');
  if (changed.length === 0) return [];
  const labels = changed.slice(0, mostLabels).map(labelText);
  const more = changed.length > mostLabels ? ` and ${changed.length - mostLabels} more` : '';
  const share = changed.length < items.length || more ? ` (${changed.length} of ${items.length} items)` : '';
  return [`${labels.join(', ')}${more}${share}`];
};

const verboseLines = (event: HostResult, items: readonly ItemResult[], verbosity: number): string[] => {
  if (items.length === 0) return ['', ...resultLines(event.result, verbosity)];
  return [
    '',
    ...items.flatMap((item) => [
      `${item.status} item ${labelText(item)}`,
      ...resultLines(item.result, verbosity).map((line) => `  ${line}`),
    ]),
  ];
};

const labelText = ({ label }: ItemResult): string => {
  const text = safeText(label).replaceAll(/\s+/g, ' ');
  return text.length > longestLabel ? `${text.slice(0, longestLabel - 3)}...` : text;
};

const diffOf = (event: Outcome, screen: Screen, context: number): string =>
  event.showsDiff && event.result.diff !== undefined && event.result.diff !== null
    ? diffText(event.result.diff, { ...screen, hasColor: false }, context)
    : '';

/** The warnings that came with a result. */
export const warningsOf = ({ result }: Outcome): string[] =>
  (Array.isArray(result.warnings) ? result.warnings : []).map((message) => safeText(scalarText(message)));
