import { ModuleFailure } from '../../../errors/index.ts';

/** What limits.conf can limit. */
export const limitItems = [
  'core',
  'data',
  'fsize',
  'memlock',
  'nofile',
  'rss',
  'stack',
  'cpu',
  'nproc',
  'as',
  'maxlogins',
  'maxsyslogins',
  'priority',
  'locks',
  'sigpending',
  'msgqueue',
  'nice',
  'rtprio',
  'chroot',
] as const;

const unlimited: readonly string[] = ['unlimited', 'infinity', '-1'];

/** Fails for a value that the item cannot have; `place` tells where it stands. */
export const checkLimit = (item: string, value: string, place = ''): void => {
  if (item === 'nice' || item === 'priority') {
    if (/^[+-]?\d+$/.test(value) && Number(value) >= -20 && Number(value) <= 19) return;
    throw new ModuleFailure(`${place}Value '${value}' of '${item}' is invalid: it must be a number from -20 to 19`);
  }
  if (unlimited.includes(value) || /^\d+$/.test(value)) return;
  throw new ModuleFailure(
    `${place}Value '${value}' of '${item}' is invalid: it must be 'unlimited', 'infinity', -1 or a number from 0 up`,
  );
};

export interface Limit {
  readonly domain: string;
  readonly type: string;
  readonly item: string;
  readonly value: string;
  readonly comment: string;
  /** Which of two values stays. */
  readonly keep: 'larger' | 'smaller' | undefined;
  /** The file's name, for errors. */
  readonly file: string;
}

export interface EditedLimits {
  readonly text: string;
  readonly changed: boolean;
  /** The line of the limit. */
  readonly line: string;
}

/** Sets a limit in the text of limits.conf: its line is replaced where it differs, or a new one added. */
export const editLimits = (text: string, limit: Limit): EditedLimits => {
  const { domain, type, item, value } = limit;
  let { comment } = limit;
  let message = '';
  let changed = false;
  let isFound = false;
  const written = (wanted: string): string => {
    changed = true;
    return `${domain}\t${type}\t${item}\t${wanted}${comment === '' ? '' : `\t#${comment}`}\n`;
  };
  const lines = (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    const [entry = '', ...remarks] = line.split('#');
    const fields = entry.split(/\s+/).filter((field) => field !== '');
    if (fields.length !== 4 || line.startsWith('#')) return line;
    const [lineDomain, lineType, lineItem, actual] = fields as [string, string, string, string];
    checkLimit(lineItem, actual, `Invalid configuration found in '${limit.file}'. `);
    if (lineDomain !== domain || lineType !== type || lineItem !== item) return line;
    isFound = true;
    // The remark of the line stays where none is given.
    if (comment === '') comment = remarks.join('#').trimEnd();
    const wanted = chosen(value, actual, limit);
    message = wanted === actual ? line : written(wanted);
    return message;
  });
  if (!isFound) {
    if (lines.length > 0 && !lines.at(-1)!.endsWith('\n')) lines.push('\n');
    message = written(value);
    lines.push(message);
  }
  return { text: lines.join(''), changed, line: message };
};

/** Which of the wanted and the actual value it is to be. */
const chosen = (wanted: string, actual: string, { item, keep }: Limit): string => {
  if (keep === undefined || wanted === actual) return wanted;
  const amount = (value: string): number =>
    unlimited.includes(value) && item !== 'nice' && item !== 'priority' ? Number.POSITIVE_INFINITY : Number(value);
  const [own, other] = [amount(wanted), amount(actual)];
  // Different words for no limit mean the same.
  if (own === other) return actual;
  return own > other === (keep === 'larger') ? wanted : actual;
};
