import type { Line, Span, Tone } from './line.ts';

const colors: Readonly<Record<Tone, string>> = {
  plain: '',
  strong: '1',
  faint: '2',
  title: '1',
  ok: '32',
  changed: '33',
  failed: '1;31',
  unreachable: '35',
  skipped: '36',
  running: '1;34',
  added: '32',
  removed: '31',
  hunk: '36',
};

// Without color what is bold and what is inverse still tells things apart.
const withoutColor: Partial<Record<Tone, string>> = { strong: '1', title: '1', failed: '1', running: '1' };

/** A fitted line as it is written to the terminal, without blanks at its end: drawing takes time for each of them. */
export const paintLine = (line: Line, hasColor: boolean): string => {
  let end = line.length;
  while (end > 0 && isBlank(line[end - 1]!)) end--;
  return line
    .slice(0, end)
    .map((one) => paint(one, hasColor))
    .join('');
};

const isBlank = ({ text, isSelected }: Span): boolean => !isSelected && text.trim() === '';

const paint = ({ text, tone = 'plain', isSelected }: Span, hasColor: boolean): string => {
  const code = (hasColor ? colors[tone] : withoutColor[tone]) ?? '';
  const codes = [code, isSelected ? '7' : ''].filter((one) => one !== '').join(';');
  return codes === '' ? text : `\x1b[${codes}m${text}\x1b[0m`;
};
