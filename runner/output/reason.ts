import type { ErrorDetails } from '../events/index.ts';
import type { Json, JsonObject } from '../values/index.ts';
import { detailsText } from './details-text.ts';
import { safeText } from './safe-text.ts';
import { entryLines, scalarText, valueLines } from './value-lines.ts';

// So many of the last lines of a failed command's output are enough to see what went wrong.
const tailLines = 12;

/** Why something failed, for people: the message first, then lines that explain it. */
export const failureLines = (
  result: JsonObject,
  details: readonly ErrorDetails[] | undefined,
  verbosity: number,
): string[] => [
  ...messageOf(result).split('\n'),
  ...commandLines(result, verbosity),
  ...(details ?? []).flatMap((one) => detailsText(one).split('\n')),
];

/** The message of a result in plain text; of a command with its exit code. */
export const messageOf = (result: JsonObject): string => {
  if (result.censored !== undefined) return 'the result is hidden by no_log';
  const message = safeText(scalarText(result.msg ?? result.reason)).trim() || 'failed without a message';
  const code = result.rc !== undefined && result.rc !== 0 ? ` (exit code ${scalarText(result.rc)})` : '';
  const tries =
    typeof result.attempts === 'number' && result.attempts > 1 ? ` (after ${result.attempts} attempts)` : '';
  return `${message}${code}${tries}`;
};

const commandLines = (result: JsonObject, verbosity: number): string[] => {
  const lines: string[] = [];
  if (result.cmd !== undefined && result.cmd !== null) lines.push(...`$ ${commandText(result.cmd)}`.split('\n'));
  if (result.assertion !== undefined) lines.push(`the condition is false: ${safeText(scalarText(result.assertion))}`);
  const message = scalarText(result.msg);
  const shown = ['stderr', 'module_stderr', 'stdout', 'module_stdout']
    .map((stream) => safeText(scalarText(result[stream])).trim())
    .find((text) => text !== '' && !message.includes(text));
  if (shown !== undefined) lines.push(...tail(shown.split('\n'), verbosity > 0 ? Number.POSITIVE_INFINITY : tailLines));
  if (verbosity >= 3 && typeof result.exception === 'string') lines.push(...safeText(result.exception).split('\n'));
  return lines;
};

const tail = (lines: readonly string[], most: number): string[] =>
  lines.length <= most
    ? [...lines]
    : [`... ${lines.length - most} lines before (-v shows them)`, ...lines.slice(-most)];

const commandText = (command: Json): string =>
  safeText(Array.isArray(command) ? command.map((word) => quoted(scalarText(word))).join(' ') : scalarText(command));

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

// Entries of a result that say how it came about, and not what it is.
const uninteresting = 'changed failed skipped warnings deprecations diff ansible_loop_var ansible_index_var'.split(' ');

/** What a result holds, a line an entry. */
export const resultLines = (result: JsonObject, verbosity: number): string[] => {
  const hidden = new Set([...uninteresting, ...(verbosity < 3 ? ['invocation', 'exception', 'results'] : [])]);
  for (const stream of ['stdout', 'stderr']) if (result[stream] !== undefined) hidden.add(`${stream}_lines`);
  return Object.entries(result)
    .filter(([key, value]) => !hidden.has(key) && value !== '')
    .flatMap(([key, value]) => entryLines(safeText(key), value));
};

/** What a debug task was asked to show: a text as it is, anything else as lines of data. */
export const debugLines = (result: JsonObject): string[] => {
  if (result.censored !== undefined) return [messageOf(result)];
  if (result.msg !== undefined) return valueLines(result.msg);
  const loopNames = ['ansible_loop', String(result.ansible_loop_var), String(result.ansible_index_var)];
  const hidden = new Set([...uninteresting, ...loopNames]);
  return Object.entries(result)
    .filter(([key]) => !hidden.has(key))
    .flatMap(([key, value]) => entryLines(safeText(key), value));
};
