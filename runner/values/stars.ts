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

/** The source of a JavaScript regular expression that matches just this text. */
export const literalSource = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** The regular expression of a pattern in which only `*` and `?` stand for something else, with case unless `flags` has `i`. */
export const starRegex = (pattern: string, flags = ''): RegExp => {
  const parts = pattern.split('*').map((part) => literalSource(part).replaceAll('\\?', '.'));
  return new RegExp(`^${joinAtStars(parts)}$`, `s${flags}`);
};
