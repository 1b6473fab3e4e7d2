import { closest, distance } from 'fastest-levenshtein';

// Nobody means a name by more than this, and comparing takes time.
const longest = 100;

/** The candidate that the user most likely meant by `word`, or undefined when none is near. */
export const nearest = (word: string, candidates: Iterable<string>): string | undefined => {
  const list = [...candidates];
  if (list.length === 0 || word.length > longest) return undefined;
  const wanted = word.toLowerCase();
  const lowered = list.map((candidate) => candidate.toLowerCase());
  const best = closest(wanted, lowered);
  return distance(wanted, best) <= allowance(wanted, best) ? list[lowered.indexOf(best)] : undefined;
};

/** How far a slip may be off: little in a short word, in which two letters are half of it, unless they changed places. */
const allowance = (word: string, meant: string): number => {
  const letters = (text: string): string => [...text].sort().join('');
  if (word.length < 5) return letters(word) === letters(meant) ? 2 : 1;
  return Math.max(2, Math.floor(word.length / 3));
};

/** "Did you mean …?" as a hint, where there is something near. */
export const didYouMean = (word: string, candidates: Iterable<string>): string | undefined => {
  const best = nearest(word, candidates);
  return best === undefined ? undefined : `did you mean '${best}'?`;
};
