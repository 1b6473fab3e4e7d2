import { starRegex } from '../../values/index.ts';

/** Whether a name matches one of ssh's patterns and none of those with `!` in front. */
export const matchesAny = (patterns: readonly string[], name: string): boolean => {
  let isMatch = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(pattern.slice(1), name)) return false;
    } else if (!isMatch) {
      isMatch = matchesPattern(pattern, name);
    }
  }
  return isMatch;
};

// No name of a host is near that long, and an expression for more would be too large for JavaScript.
const longestPattern = 1000;

const matchesPattern = (pattern: string, name: string): boolean => {
  if (!/[*?]/.test(pattern)) return pattern.toLowerCase() === name.toLowerCase();
  if (pattern.length > longestPattern) return false;
  return starRegex(pattern, 'i').test(name);
};
