import { joinAtStars, literalSource } from './stars.ts';

const compiled = new Map<string, RegExp>();

/** Whether a text is what a pattern of Python's fnmatch describes, with case: `*`, `?`, `[a-z]`, `[!a-z]`. */
export const matchesGlob = (text: string, pattern: string): boolean => {
  let regex = compiled.get(pattern);
  if (!regex) {
    regex = globRegex(pattern);
    compiled.set(pattern, regex);
  }
  return regex.test(text);
};

/** A pattern of Python's fnmatch as a regular expression. Throws a SyntaxError for one too large for JavaScript. */
export const globRegex = (pattern: string): RegExp => {
  const parts: string[] = [];
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === '*') {
      parts.push(source);
      source = '';
    } else if (character === '?') source += '.';
    else if (character === '[') {
      const isNegated = pattern[at + 1] === '!';
      const begin = at + (isNegated ? 2 : 1);
      // A ] right at the beginning belongs to the set.
      const end = pattern.indexOf(']', begin + 1);
      if (end === -1) source += '\\[';
      else {
        source += `[${isNegated ? '^' : ''}${readSet(pattern.slice(begin, end))}]`;
        at = end;
      }
    } else source += literalSource(character);
  }
  return new RegExp(`^${joinAtStars([...parts, source])}$`, 'su');
};

// Ranges stay, everything else stands for itself; a range the wrong way round matches nothing.
const readSet = (text: string): string => {
  let set = '';
  const characters = [...text];
  for (let at = 0; at < characters.length; at++) {
    const from = characters[at]!;
    const to = characters[at + 2];
    if (characters[at + 1] === '-' && to !== undefined) {
      if (from <= to) set += `${escapeInSet(from)}-${escapeInSet(to)}`;
      at += 2;
    } else set += escapeInSet(from);
  }
  return set;
};

const escapeInSet = (character: string): string => character.replace(/[\\\]^[-]/u, '\\$&');
