/** Thrown where a text is not of the kind that is read without a syntax tree. */
export const other = Symbol('not plain');

/** A key and its colon, from a place on. */
export const key = /([A-Za-z_][\w./-]{0,200}):(?=[ \n]|$)/y;

/** A text in quotes, without escapes. */
export const quoted = /^(?:"[^"\\]*"|'[^']*')$/;
