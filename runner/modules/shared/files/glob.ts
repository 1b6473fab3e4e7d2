import { joinAtStars } from '../../../values/index.ts';

const compiled = new Map<string, RegExp>();

/** Whether a text is what a pattern of Python's fnmatch describes: `*`, `?`, `[a-z]`, `[!a-z]`. */
export const matchesGlob = (text: string, pattern: string): boolean => {
  let regex = compiled.get(pattern);
  if (!regex) {
    regex = new RegExp(`^(?:${globSource(pattern)})$`, 'su');
    compiled.set(pattern, regex);
  }
  return regex.test(text);
};

const globSource = (pattern: string): string => {
  const parts: string[] = [];
  let source = '';
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index]!;
    if (character === '*') {
      parts.push(source);
      source = '';
    } else if (character === '?') source += '.';
    else if (character === '[') {
      const end = classEnd(pattern, index);
      if (end === -1) source += '\\[';
      else {
        source += classSource(pattern.slice(index + 1, end));
        index = end;
      }
    } else source += escapeCharacter(character);
  }
  return joinAtStars([...parts, source]);
};

/** Where a class closes: a bracket right at its beginning belongs to it. */
const classEnd = (pattern: string, start: number): number => {
  const from = pattern[start + 1] === '!' ? start + 2 : start + 1;
  return pattern.indexOf(']', from + 1);
};

const classSource = (inside: string): string => {
  const isNegated = inside.startsWith('!');
  const body = (isNegated ? inside.slice(1) : inside).replace(/[\\\]^[]/g, '\\$&');
  // A range that runs backwards holds nothing.
  const ranges = body.replace(/(\\?.)-(\\?.)/gsu, (range, from: string, to: string) =>
    from.at(-1)! > to.at(-1)! ? '' : range,
  );
  const minus = ranges.replace(/^-|-$/g, '\\-');
  if (minus === '') return isNegated ? '.' : '(?!)';
  return `[${isNegated ? '^' : ''}${minus}]`;
};

const escapeCharacter = (character: string): string => character.replace(/[\^$.*+?()[\]{}|/\\]/, '\\$&');
