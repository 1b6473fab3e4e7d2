const mask = '********';
const telling = /pass|pwd|secret|token|key|cred|auth|priv|cert|salt|hash|pin$|api|webhook|dsn/i;
// name=value, name: value, "name": "value"
const pair = /(["']?)([\w.-]+)\1(\s*[=:]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,}{[\]]+)/g;
const password = /(:\/\/[^/\s:@]*):[^@\s/]+@/g;

/**
 * A command line without what must not be kept: values of extra variables whose names tell of secrets, and passwords in
 * addresses. `maskKnown` hides what is known to be secret; until it is there, no value of an extra variable is kept.
 */
export const maskCommand = (
  args: readonly string[],
  maskKnown: ((text: string) => string) | undefined,
  secretNames: readonly string[] = [],
): string[] =>
  args.map((arg, index) => {
    const given = extraVars(arg, args[index - 1]);
    const shown =
      given === undefined
        ? maskPairs(arg)
        : arg.slice(0, arg.length - given.length) + maskVars(given, maskKnown, secretNames);
    const masked = shown.replace(password, `$1:${mask}@`);
    return maskKnown ? maskKnown(masked) : masked;
  });

/** What is behind -e, in each of its forms. */
const extraVars = (arg: string, before: string | undefined): string | undefined => {
  if (before === '-e' || before === '--extra-vars') return arg;
  return /^(?:--extra-vars=|-e(?=.))(.*)$/s.exec(arg)?.[1];
};

const maskVars = (
  text: string,
  maskKnown: ((text: string) => string) | undefined,
  secretNames: readonly string[],
): string => {
  if (text.startsWith('@')) return text;
  if (maskKnown) return maskPairs(text, secretNames);
  return /^\s*[[{]/.test(text)
    ? mask
    : text.replace(pair, (_, quote, name, sign) => `${quote}${name}${quote}${sign}${mask}`);
};

/** Paths behind options like --private-key=… are no secrets. */
const maskPairs = (text: string, secretNames: readonly string[] = []): string =>
  /^--?[a-z]/.test(text)
    ? text
    : text.replace(pair, (whole: string, quote: string, name: string, sign: string) =>
        telling.test(name) || secretNames.includes(name) ? `${quote}${name}${quote}${sign}${mask}` : whole,
      );
