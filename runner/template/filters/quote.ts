/** Python's shlex.quote: a word that a POSIX shell takes literally. */
export const quoteShell = (text: string): string => {
  if (text === '') return "''";
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
};
