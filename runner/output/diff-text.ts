import { createTwoFilesPatch } from 'diff';
import { dumpJson, type JsonObject, type Result, toValue } from '../values/index.ts';
import { paint, type Screen } from './screen.ts';

/** A result's diff as a unified diff, in the form of ansible-playbook. */
export const diffText = (diff: JsonObject[string], screen: Screen, context = 3): string => {
  const entries = Array.isArray(diff) ? diff : [diff];
  return entries.map((entry) => (isObject(entry) ? oneDiff(entry, screen, context) : '')).join('');
};

const isObject = (value: JsonObject[string] | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const oneDiff = (diff: JsonObject, screen: Screen, context: number): string => {
  if (diff.prepared !== undefined) return `${String(diff.prepared)}`;
  const notes = [
    diff.dst_binary ? 'diff skipped: destination file appears to be binary\n' : '',
    diff.src_binary ? 'diff skipped: source file appears to be binary\n' : '',
    diff.dst_larger ? `diff skipped: destination file size is greater than ${String(diff.dst_larger)}\n` : '',
    diff.src_larger ? `diff skipped: source file size is greater than ${String(diff.src_larger)}\n` : '',
  ].join('');
  if (diff.before === undefined || diff.after === undefined) return notes;
  const before = sideText(diff.before);
  const after = sideText(diff.after);
  if (before === after) return notes;
  const header = (name: string, given: JsonObject[string] | undefined): string =>
    given === undefined || given === '' || given === null ? name : `${name}: ${String(given)}`;
  const patch = createTwoFilesPatch('a', 'b', before, after, undefined, undefined, { context });
  const hunks = patch.trimEnd().split('\n').slice(3);
  const lines = [`--- ${header('before', diff.before_header)}`, `+++ ${header('after', diff.after_header)}`, ...hunks];
  return `${notes}${paintDiff(lines.join('\n'), screen)}\n`;
};

/** A diff with its lines in the colors of what they are. */
export const paintDiff = (diff: string, screen: Screen): string =>
  diff
    .split('\n')
    .map((line) => paint(screen, colorOf(line), line))
    .join('\n');

const colorOf = (line: string): 'green' | 'red' | 'cyan' | undefined => {
  if (line.startsWith('+')) return 'green';
  if (line.startsWith('-')) return 'red';
  return line.startsWith('@@') ? 'cyan' : undefined;
};

const sideText = (side: JsonObject[string]): string =>
  isObject(side) ? `${dumpJson(toValue(side as Result), { sortKeys: true, indent: 4 })}\n` : String(side ?? '');
