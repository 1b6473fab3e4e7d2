import { MusterError } from '../errors/index.ts';

const numericRange = String.raw`\[[0-9]+:[0-9]+(?::[0-9]+)?\]`;
const hexadecimalRange = String.raw`\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\]`;
const anyRange = String.raw`\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`;
const word = String.raw`[\p{L}\p{N}_]`;
const label = `(?:${word}|${anyRange})(?:${word}|-|${anyRange})*(?<![_-])`;
const octet = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${numericRange})`;
const quad = `(?:[0-9a-f]{1,4}|${hexadecimalRange})`;

const bracketedPort = /^\[(.+)\]:([0-9]+)$/;
const plainPort = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/;
const hostname = new RegExp(`^${label}(?:\\.${label})*$`, 'iu');
const ipv4 = new RegExp(`^(?:${octet}\\.){3}${octet}$`, 'i');
// As in Ansible, only the last form is held to the end of the text.
const ipv6 = new RegExp(
  [
    `(?:${quad}:){7}${quad}`,
    `(?:${quad}:){1,6}:`,
    `(?:${quad}:)(?::${quad}){1,6}`,
    `(?:${quad}:){2}(?::${quad}){1,5}`,
    `(?:${quad}:){3}(?::${quad}){1,4}`,
    `(?:${quad}:){4}(?::${quad}){1,3}`,
    `(?:${quad}:){5}(?::${quad}){1,2}`,
    `(?:${quad}:){6}(?::${quad})`,
    `:(?::${quad}){1,6}`,
    `${quad}?::`,
    `(?:0:){6}(?:${quad}\\.){3}${quad}`,
    `::(?:ffff:)?(?:${quad}\\.){3}${quad}`,
    `(?:0:){5}ffff:(?:${quad}\\.){3}${quad}$`,
  ]
    .map((form) => `^(?:${form})`)
    .join('|')
    .replace(/\$\)$/, ')$'),
  'i',
);

export interface Address {
  readonly host: string;
  readonly port: number | undefined;
}

/**
 * Takes `name`, `name:22`, `[::1]:22` and addresses apart; undefined when it is none of these. Names may hold ranges
 * (`web[01:10]`) unless told otherwise.
 */
export const parseAddress = (text: string, options: { ranges?: boolean } = {}): Address | undefined => {
  let host = text;
  let port: number | undefined;
  for (const pattern of [bracketedPort, plainPort]) {
    const match = pattern.exec(host);
    if (match) {
      host = match[1]!;
      port = Number(match[2]);
    }
  }
  if (host === '' || !(hostname.test(host) || ipv4.test(host) || ipv6.test(host))) return undefined;
  if (options.ranges === false && host.includes('[')) return undefined;
  return { host, port };
};

/** Whether a name is an IP address, whose "short name" is itself. */
export const isIpAddress = (name: string): boolean => ipv4.test(name) || ipv6.test(name);

/** The hosts that a pattern with ranges stands for, and the port of them all. */
export const expandHostPattern = (text: string): { hosts: string[]; port: number | undefined } => {
  const { host, port } = parseAddress(text) ?? { host: text, port: undefined };
  return { hosts: host.includes('[') ? expandRanges(host) : [host], port };
};

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

// More hosts than anybody has; a pattern that makes them is a slip, and would take all of the memory.
const mostHosts = 100_000;

const expandRanges = (text: string): string[] => {
  const ranges: { head: string; items: string[] }[] = [];
  let count = 1;
  let rest = text;
  while (rest.includes('[')) {
    const match = /^([^[]*)\[([^\]]*)\](.*)$/s.exec(rest);
    if (!match) throw new MusterError(`the [ in the host pattern '${text}' has no ]`);
    const [, head = '', range = '', tail = ''] = match;
    const bounds = range.split(':');
    if (bounds.length !== 2 && bounds.length !== 3)
      throw rangeError(text, 'host range must be begin:end or begin:end:step');
    const [begin = '', end = '', step = '1'] = bounds;
    const items = rangeItems(text, begin || '0', end, step);
    count *= items.length;
    if (count > mostHosts) throw rangeError(text, `host range makes more than ${mostHosts} hosts`);
    ranges.push({ head, items });
    rest = tail;
  }
  const names = ranges.reduce(
    (before, { head, items }) => before.flatMap((name) => items.map((item) => name + head + item)),
    [''],
  );
  return names.map((name) => name + rest);
};

const rangeItems = (text: string, begin: string, end: string, stepText: string): string[] => {
  if (end === '') throw rangeError(text, 'host range must specify end value');
  const width = begin.length > 1 && begin.startsWith('0') ? begin.length : 0;
  if (width > 0 && width !== end.length) {
    throw rangeError(text, 'host range must specify equal-length begin and end formats');
  }
  const step = Number(stepText);
  if (!/^\s*\+?\d+\s*$/.test(stepText) || step === 0) throw rangeError(text, 'host range must have a step above 0');
  const items: string[] = [];
  if (/^[a-zA-Z]$/.test(begin) && letters.includes(end)) {
    const last = letters.indexOf(end);
    const first = letters.indexOf(begin);
    if (first > last) throw rangeError(text, 'host range must have begin <= end');
    for (let at = first; at <= last; at += step) items.push(letters[at]!);
    return items;
  }
  if (!/^\d+$/.test(begin) || !/^\d+$/.test(end)) {
    throw rangeError(text, 'host range must be from number to number or from letter to letter');
  }
  if ((Number(end) - Number(begin)) / step > mostHosts) {
    throw rangeError(text, `host range makes more than ${mostHosts} hosts`);
  }
  for (let at = Number(begin); at <= Number(end); at += step) items.push(String(at).padStart(width, '0'));
  return items;
};

const rangeError = (text: string, message: string): MusterError =>
  new MusterError({ message: `${message}: ${text}`, expected: 'a range like [01:20], [1:9:2] or [a:f]' });
