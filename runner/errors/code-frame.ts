import { readFileSync } from 'node:fs';
import type { MusterError, Problem } from './muster-error.ts';
import { formatOrigin, type Origin } from './origin.ts';

const linesAround = 2;

/** The lines around `origin` with a caret under its column; '' when the file cannot be read any more. */
export const codeFrame = (origin: Origin, source: string = readSource(origin.file)): string => {
  if (source === '') return '';
  const lines = source.split(/\r?\n/);
  const first = Math.max(1, origin.line - linesAround);
  const last = Math.min(lines.length, origin.line + linesAround);
  const width = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = (lines[number - 1] ?? '').replaceAll('\t', ' ');
    const marker = number === origin.line ? '>' : ' ';
    frame.push(`${marker} ${String(number).padStart(width)} | ${text}`.trimEnd());
    if (number === origin.line) frame.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, origin.column - 1))}^`);
  }
  return frame.join('\n');
};

const readSource = (file: string): string => {
  try {
    const text = readFileSync(file, 'utf8');
    // An encrypted file's lines tell nobody anything.
    return text.startsWith('$ANSIBLE_VAULT') ? '' : text;
  } catch {
    return '';
  }
};

/** One problem as people read it: place and message, the lines around, what was expected, a hint. */
export const formatProblem = ({ message, origin, expected, hint }: Problem): string => {
  const frame = origin ? codeFrame(origin) : '';
  return [
    origin ? `${formatOrigin(origin)}: ${message}` : message,
    frame,
    expected ? `expected: ${expected}` : '',
    hint ? `hint: ${hint}` : '',
  ]
    .filter((part) => part !== '')
    .join('\n');
};

/** All problems of an error, a blank line between them. */
export const formatError = (error: MusterError): string => error.problems.map(formatProblem).join('\n\n');
