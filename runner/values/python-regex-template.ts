import { controlEscapes } from './escapes.ts';
import { PythonRegexError } from './python-regex-error.ts';

/** A replacement of re.sub: text, and the numbers of groups whose text goes there. */
export type ReplacementParts = readonly (string | number)[];

/** Reads a replacement as re.sub does: `\1`, `\g<name>`, `\n` and octal escapes. */
export const parseReplacement = (
  text: string,
  groups: number,
  names: ReadonlyMap<string, number>,
): ReplacementParts => {
  const parts: (string | number)[] = [];
  const addGroup = (group: number, position: number): void => {
    if (group > groups) throw new PythonRegexError(`invalid group reference ${group}`, position);
    parts.push(group);
  };
  let index = 0;
  while (index < text.length) {
    const backslash = text.indexOf('\\', index);
    if (backslash === -1) {
      parts.push(text.slice(index));
      break;
    }
    if (backslash > index) parts.push(text.slice(index, backslash));
    index = backslash;
    const rest = text.slice(index + 1);
    if (rest === '') throw new PythonRegexError('bad escape (end of pattern)', index, true);
    if (rest[0] === 'g') {
      const name = /^g(<?)([^>]*)(>?)/.exec(rest)!;
      if (name[1] === '') throw new PythonRegexError('missing <', index + 2);
      if (name[2] === '') throw new PythonRegexError('missing group name', index + 3);
      if (name[3] === '') throw new PythonRegexError('missing >, unterminated name', index + 3);
      addGroup(groupNumber(name[2]!, names, index + 3), index + 3);
      index += 1 + name[0].length;
      continue;
    }
    const octal = /^(?:0[0-7]{0,2}|[0-7]{3})/.exec(rest);
    if (octal) {
      const code = Number.parseInt(octal[0], 8);
      if (code > 0o377) throw new PythonRegexError(`octal escape value \\${octal[0]} outside of range 0-0o377`, index);
      parts.push(String.fromCharCode(code));
      index += 1 + octal[0].length;
      continue;
    }
    const digits = /^[1-9]\d?/.exec(rest);
    if (digits) {
      addGroup(Number(digits[0]), index + 1);
      index += 1 + digits[0].length;
      continue;
    }
    const letter = rest[0]!;
    const control = controlEscapes[letter];
    if (control === undefined && /[a-zA-Z]/.test(letter))
      throw new PythonRegexError(`bad escape \\${letter}`, index, true);
    parts.push(control ?? `\\${letter}`);
    index += 2;
  }
  return parts;
};

const groupNumber = (name: string, names: ReadonlyMap<string, number>, position: number): number => {
  if (/^\d+$/.test(name)) return Number(name);
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
    throw new PythonRegexError(`bad character in group name '${name}'`, position);
  const group = names.get(name);
  if (group === undefined) throw new PythonRegexError(`unknown group name '${name}'`, undefined, true);
  return group;
};
