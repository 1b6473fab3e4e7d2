import { paintDiff } from '../diff-text.ts';
import { wrap } from '../fit.ts';
import { safeText } from '../safe-text.ts';
import { paint, type Screen } from '../screen.ts';
import type { Description } from './describe.ts';

/** Hosts of which the same is to be said, until it is said. */
export interface Group extends Description {
  readonly hosts: string[];
  /** When it has waited for others long enough. */
  due: number;
  wasShown: boolean;
}

/** The same for hosts of which the same is to be said. */
export const groupKey = ({ label, lines, diff }: Description): string => JSON.stringify([label, lines, diff]);

// More hosts than this stand below the message instead of before it.
const mostBefore = 3;
// Healthy hosts are not all named when they are many.
const mostNamed = 20;
const labelWidth = 13;
const narrow = 60;

/** The lines for the hosts that were gathered since the last time. */
export const groupText = (group: Group, screen: Screen, verbosity: number): string => {
  const isNarrow = screen.width < narrow;
  const indent = isNarrow ? 4 : 2 + labelWidth;
  const isBad = !['ok', 'changed', 'skipped', 'conditional'].includes(group.label);
  const hosts = isBad || verbosity > 0 ? group.hosts.join(', ') : hostList(group.hosts, mostNamed);
  const isMany = group.hosts.length > mostBefore && group.lines.length > 0;
  const subject = isMany ? `${group.hosts.length} hosts` : hosts;
  const [first = '', ...rest] = group.lines;
  const head = first === '' ? subject : `${subject}: ${first}${group.wasShown && rest.length > 0 ? ' (as above)' : ''}`;
  const room = screen.isTerminal ? screen.width : Number.POSITIVE_INFINITY;
  const label = isNarrow ? `${group.label} ` : group.label.padEnd(labelWidth);
  const headWidth = first === '' || isMany ? Math.min(room, 100) : room;
  const body = fold(isNarrow ? label + head : head, headWidth, indent);
  const lines = [
    isNarrow
      ? `  ${paint(screen, group.color, body)}`
      : `  ${paint(screen, group.color, label)}${paint(screen, isBad ? group.color : undefined, body)}`,
  ];
  const blank = ' '.repeat(indent);
  if (isMany) lines.push(blank + wrap(hosts, Math.min(room, 100), indent));
  if (!group.wasShown) {
    lines.push(...rest.map((line) => (blank + fold(line, room, indent)).trimEnd()));
    if (group.diff !== '') {
      const diff = paintDiff(safeText(group.diff).trimEnd(), screen);
      lines.push(...diff.split('\n').map((line) => `    ${line}`));
    }
  }
  return lines.join('\n');
};

/** Breaks a line that is prose; what is indented or drawn stays as it is. */
const fold = (line: string, width: number, indent: number): string =>
  width === Number.POSITIVE_INFINITY || /^[\s>$]/.test(line) ? line : wrap(line, width, indent);

/** The first of the hosts, and how many more there are. */
export const hostList = (hosts: readonly string[], most: number): string =>
  hosts.length <= most
    ? hosts.join(', ')
    : `${hosts.slice(0, most - 1).join(', ')} and ${hosts.length - most + 1} more`;
