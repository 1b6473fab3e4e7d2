/** What a letter behind a backslash stands for in Python's texts and regular expressions. */
export const controlEscapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The same in a text between quotes. */
export const quotedEscapes: Readonly<Record<string, string>> = { ...controlEscapes, "'": "'", '"': '"' };

/** The same where a line may be continued on the next one. */
export const literalEscapes: Readonly<Record<string, string>> = { ...quotedEscapes, '\n': '' };
