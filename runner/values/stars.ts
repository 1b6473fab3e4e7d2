/**
 * The source of a regular expression for a glob that was cut at its stars, each part a source by itself and without
 * groups. Every star takes as little as it can and never gives it back, so that many of them cost no more than one.
 */
export const joinAtStars = (parts: readonly string[]): string => {
  const last = parts.length - 1;
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  if (last <= 0) return parts[0] ?? '';
  return `${parts[0]}${middle.map((part, index) => `(?=(.*?${part}))\\${index + 1}`).join('')}.*${parts[last]}`;
};
