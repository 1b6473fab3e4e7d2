/** Thrown where a text is not of the kind that is read without a syntax tree. */
export const other = Symbol('not plain');

/** A key and its colon, from a place on. */
export const key = /([A-Za-z_][\w./-]{0,200}):(?=[ \n]|$)/y;

/** A text in quotes on one line, with the usual escapes at most, from a place on. */
export const quotes = /"(?:[^"\\\n]|\\[nt"\\])*"|'(?:[^'\n]|'')*'/y;

/** What a text in such quotes says. */
export const unquote = (written: string): string => {
  const text = written.slice(1, -1);
  if (written[0] === "'") return text.replaceAll("''", "'");
  return text.includes('\\') ? text.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter) : text;
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t' };

/** What may stand behind a value on its line. */
export const behind = /^ *(?: #.*)?$/;
