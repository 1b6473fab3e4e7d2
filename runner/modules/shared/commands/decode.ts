import { isUtf8 } from 'node:buffer';

/**
 * A command's output as text. Bytes that are not UTF-8 become lone surrogates (0xff is \udcff), as Python's
 * surrogateescape has them, so that nothing is lost and a result shows the same as under Ansible.
 */
export const decodeOutput = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  let start = 0;
  let index = 0;
  while (index < bytes.length) {
    const length = sequenceLength(bytes, index);
    if (length > 0) {
      index += length;
      continue;
    }
    text += bytes.toString('utf8', start, index) + String.fromCharCode(0xdc00 + bytes[index]!);
    index++;
    start = index;
  }
  return text + bytes.toString('utf8', start);
};

/** How many bytes the character at `index` has; 0 when the byte there begins no valid character. */
const sequenceLength = (bytes: Buffer, index: number): number => {
  const first = bytes[index]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  return length > 0 && index + length <= bytes.length && isUtf8(bytes.subarray(index, index + length)) ? length : 0;
};

/** Python's splitlines: every line break that Unicode knows ends a line, and a last one begins none. */
export const splitLines = (text: string): string[] => {
  if (text === '') return [];
  const parts = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (parts.at(-1) === '') parts.pop();
  return parts;
};

/** Python's rstrip('\r\n'). */
export const stripEnd = (text: string): string => {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
  return text.slice(0, end);
};

/** The four output values that results of commands have. */
export const outputValues = (
  stdout: string,
  stderr: string,
): { stdout: string; stdout_lines: string[]; stderr: string; stderr_lines: string[] } => ({
  stdout,
  stdout_lines: splitLines(stdout),
  stderr,
  stderr_lines: splitLines(stderr),
});
