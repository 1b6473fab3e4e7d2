const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const whitespace = ' \t\n\r\v\f';

const classes: Readonly<Record<string, string>> = {
  ascii_lowercase: lower,
  ascii_uppercase: upper,
  ascii_letters: lower + upper,
  digits,
  hexdigits: `${digits}abcdefABCDEF`,
  octdigits: '01234567',
  punctuation,
  whitespace,
  printable: digits + lower + upper + punctuation + whitespace,
};

/** The characters that a name of Python's string module stands for. */
export const characterClass = (name: string): string | undefined =>
  Object.hasOwn(classes, name) ? classes[name] : undefined;
