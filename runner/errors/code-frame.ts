import { readFileSync } from 'node:fs';
import type { MusterError, Problem } from './muster-error.ts';
import { formatOrigin, type Origin } from './origin.ts';

const linesAround = 2;

// Of a long line, as machines write them, the part around the column is shown.
const longest = 160;
const columnsBefore = 80;

/** The lines around `origin` with a caret under its column; '' when the file cannot be read any more. */
export const codeFrame = (origin: Origin, source: string = readSource(origin.file)): string => {
  const lines = source.split(/\r\n|\n|\r/);
  // What stands behind the last line's end is no line, unless that is where the mistake is.
  if (lines.at(-1) === '' && lines.length > origin.line) lines.pop();
  if (lines.join('') === '') return '';
  const first = Math.max(1, origin.line - linesAround);
  const last = Math.min(lines.length, origin.line + linesAround);
  const width = String(last).length;
  const start = origin.column > longest ? origin.column - columnsBefore : 0;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = part(withoutControls(lines[number - 1] ?? ''), start);
    const marker = number === origin.line ? '>' : ' ';
    frame.push(`${marker} ${String(number).padStart(width)} | ${text}`.trimEnd());
    if (number === origin.line)
      frame.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, origin.column - start - 1))}^`);
  }
  return frame.join('\n');
};

const part = (line: string, start: number): string => {
  const shown = line.length > start + longest ? `${line.slice(start, start + longest)}…` : line.slice(start);
  return start === 0 || shown === '' ? shown : `…${shown.slice(1)}`;
};

/** A tab as wide as the caret's line takes it, and nothing that a terminal would act on. */
const withoutControls = (line: string): string =>
  line.replaceAll('\t', ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');

const readSource = (file: string): string => {
  try {
    const text = readFileSync(file, 'utf8');
    // An encrypted file's lines tell nobody anything.
    return text.startsWith('$ANSIBLE_VAULT') ? '' : text;
  } catch {
    return '';
  }
};

/** What helps with a problem besides its message and place: the lines around, what was expected, a hint. */
const formatDetails = ({ origin, source, expected, hint }: Problem): string =>
  [origin ? codeFrame(origin, source) : '', expected ? `expected: ${expected}` : '', hint ? `hint: ${hint}` : '']
    .filter((part) => part !== '')
    .join('\n');

/** One problem as people read it: message, place, the lines around, what was expected, a hint. */
export const formatProblem = (problem: Problem): string => {
  const { message, origin } = problem;
  return [message, origin ? `  at ${formatOrigin(origin)}` : '', formatDetails(problem)]
    .filter((part) => part !== '')
    .join('\n');
};

/** All problems of an error, a blank line between them. */
export const formatError = (error: MusterError): string => error.problems.map(formatProblem).join('\n\n');
