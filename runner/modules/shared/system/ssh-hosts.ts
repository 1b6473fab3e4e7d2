import type { ResultObject } from '../../../values/index.ts';

export interface HostEdit {
  readonly text: string;
  readonly kind: 'added' | 'changed' | 'removed';
  /** The options of the entry before and after. */
  readonly old: ResultObject;
  readonly new: ResultObject;
}

interface Line {
  readonly text: string;
  /** In small letters; '' for what is no option. */
  readonly key: string;
  readonly value: string;
}

const readLine = (text: string): Line => {
  const [, key = '', value = ''] = /^\s*([A-Za-z]\w*)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(text) ?? [];
  return { text, key: key.toLowerCase(), value };
};

const readLines = (content: string): Line[] => {
  const lines = content.split('\n').map(readLine);
  if (lines.at(-1)?.text === '') lines.pop();
  return lines;
};

const write = (lines: readonly Line[]): string => lines.map(({ text }) => `${text}\n`).join('');

/** Where the entries of a host are: from their `Host` lines to before the next `Host` or `Match`. */
const findEntries = (lines: readonly Line[], host: string): [start: number, end: number][] => {
  const starts = lines.flatMap(({ key }, index) => (key === 'host' || key === 'match' ? [index] : []));
  const name = (value: string): string => value.split(/\s+/).join(' ');
  return starts
    .map((start, index): [number, number] => [start, starts[index + 1] ?? lines.length])
    .filter(([start]) => lines[start]!.key === 'host' && name(lines[start]!.value) === name(host));
};

const optionLine = ([key, value]: readonly [string, string]): Line => ({ text: `    ${key} ${value}`, key, value });

/** An entry with options set; the other ones, remarks and the order stay. */
const withOptions = (entry: readonly Line[], options: readonly (readonly [string, string])[]): Line[] => {
  let lines = [...entry];
  for (const option of options) {
    const [key, value] = option;
    const there = lines.filter((line) => line.key === key);
    // Of several keys any one may be it; of other options ssh takes the first.
    if (key === 'identityfile' ? there.some((line) => line.value === value) : there[0]?.value === value) continue;
    if (there.length > 0) {
      lines = lines.flatMap((line) => (line.key !== key ? [line] : line === there[0] ? [optionLine(option)] : []));
      continue;
    }
    const last = lines.findLastIndex((line) => line.key !== '');
    lines.splice(last + 1, 0, optionLine(option));
  }
  return lines;
};

const optionsOf = (entry: readonly Line[]): ResultObject => {
  const options: Record<string, string> = Object.create(null);
  for (const { key, value } of entry.slice(1)) if (key !== '') options[key] ??= value;
  return options;
};

/** The text of a configuration with these options in the entries of a host, which is added where there is none. */
export const editHost = (content: string, host: string, options: readonly (readonly [string, string])[]): HostEdit => {
  const lines = readLines(content);
  const entries = findEntries(lines, host);
  if (entries.length === 0) {
    if (options.length === 0) return { text: content, kind: 'added', old: {}, new: {} };
    const added = [readLine(`Host ${host}`), ...options.map(optionLine)];
    return { text: write([...lines, ...added]), kind: 'added', old: {}, new: optionsOf(added) };
  }
  const [firstStart, firstEnd] = entries[0]!;
  const before = lines.slice(firstStart, firstEnd);
  for (const [start, end] of entries.reverse()) {
    lines.splice(start, end - start, ...withOptions(lines.slice(start, end), options));
  }
  const text = write(lines);
  return {
    text: text === write(readLines(content)) ? content : text,
    kind: 'changed',
    old: optionsOf(before),
    new: optionsOf(withOptions(before, options)),
  };
};

/** The text of a configuration without the entries of a host; remarks and blank lines behind them stay. */
export const removeHost = (content: string, host: string): HostEdit => {
  const lines = readLines(content);
  const entries = findEntries(lines, host);
  for (const [start, end] of entries.reverse()) {
    lines.splice(start, end - start, ...lines.slice(start, end).filter(({ key }) => key === ''));
  }
  return { text: entries.length === 0 ? content : write(lines), kind: 'removed', old: {}, new: {} };
};
