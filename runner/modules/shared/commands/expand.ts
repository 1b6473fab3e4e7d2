import { quote, raw, type Script } from '../../../connection/index.ts';

// Variables that the shell has and does not export: Python, which looks at the environment, never sees them.
const shellOwn = /^(?:m_\w*|IFS|OPTIND|PPID|PS[124]|LINENO|RANDOM|SECONDS|UID|EUID|BASH\w*|_)$/;

/**
 * One shell word that expands to what Python's expanduser and expandvars make of `text` on the target: `~`, `~user`,
 * `$NAME` and `${NAME}`; a variable that is not set stands for its own text. Nothing else in it means anything.
 */
export const expandedWord = (text: string): Script => raw(expand(text, quote));

/**
 * Shell words for the paths that a pattern with `*`, `?` and `[…]` matches, after expanding it as `expandedWord` does.
 * The shell leaves the pattern as one word when nothing matches.
 */
export const globWords = (pattern: string): Script =>
  raw(
    expand(pattern, (text) =>
      text
        .split(/(\*|\?|\[!?\]?[^\]/]*\])/)
        .map((part, index) => (index % 2 === 0 ? quoteText(part) : quoteInBrackets(part)))
        .join(''),
    ),
  );

const quoteText = (text: string): string => (text === '' ? '' : quote(text));

const quoteInBrackets = (part: string): string => part.replace(/[^\w\]*?[!.:,^-]/g, (character) => `\\${character}`);

const expand = (text: string, quoteLiteral: (text: string) => string): string => {
  if (text === '') return "''";
  // The slash must stay unquoted, or the shell would not expand what stands in front of it.
  const home = /^~[\w.-]*(?:\/|$)/.exec(text)?.[0] ?? '';
  const rest = text.slice(home.length);
  let word = home;
  let end = 0;
  for (const match of rest.matchAll(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g)) {
    const name = match[1] ?? match[2]!;
    if (shellOwn.test(name)) continue;
    if (match.index > end) word += quoteLiteral(rest.slice(end, match.index));
    word += `"\${${name}-\\$${match[1] === undefined ? `{${name}\\}` : name}}"`;
    end = match.index + match[0].length;
  }
  if (end < rest.length) word += quoteLiteral(rest.slice(end));
  return word;
};
