import { MusterError } from '../errors/index.ts';
import { quotedEscapes } from '../values/escapes.ts';

/** What an argument text such as `src=a dest="b c"` says. */
export interface KeyValues {
  readonly options: ReadonlyMap<string, string>;
  /** The words that are no key=value, put together again; undefined when there are none. */
  readonly raw: string | undefined;
}

/** The only options that `command: …` and its kin take out of their text; any other `a=b` belongs to the command. */
const commandOptions = new Set([
  'creates',
  'removes',
  'chdir',
  'executable',
  'warn',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
]);

/** Reads `key=value` words by Ansible's rules. `isCommand`: the text is a command with few options of its own. */
export const parseKeyValues = (text: string, isCommand = false): KeyValues => {
  const options = new Map<string, string>();
  const raw: string[] = [];
  for (const word of splitArguments(text)) {
    const decoded = decodeEscapes(word);
    const equals = findEquals(decoded);
    if (equals === undefined) {
      raw.push(decoded.includes('=') ? decoded.replaceAll('\\=', '=') : word);
      continue;
    }
    const key = decoded.slice(0, equals);
    if (isCommand && !commandOptions.has(key)) raw.push(word);
    else options.set(key.trim(), unquote(decoded.slice(equals + 1).trim()));
  }
  return { options, raw: raw.length === 0 ? undefined : joinArguments(raw) };
};

/** The first `=` that is neither escaped nor the first character. */
const findEquals = (word: string): number | undefined => {
  for (let index = word.indexOf('=', 1); index !== -1; index = word.indexOf('=', index + 1)) {
    if (word[index - 1] !== '\\') return index;
  }
  return undefined;
};

const unquote = (text: string): string => {
  const quote = text[0];
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.at(-1) === quote && text.at(-2) !== '\\';
  return isQuoted ? text.slice(1, -1) : text;
};

const decodeEscapes = (text: string): string =>
  text.replace(
    /\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\\'"abfnrtv]))/g,
    (whole, long?: string, short?: string, byte?: string, letter?: string) => {
      if (letter !== undefined) return quotedEscapes[letter]!;
      const code = Number.parseInt(long ?? short ?? byte!, 16);
      return code > 0x10ffff ? whole : String.fromCodePoint(code);
    },
  );

/** Puts words of `splitArguments` together again. */
export const joinArguments = (words: readonly string[]): string =>
  words.reduce((text, word) => (text === '' || text.endsWith('\n') ? text + word : `${text} ${word}`), '');

// Openings and closings of expressions, statements and comments; white space inside of them does not split.
const blocks = [
  ['{{', '}}'],
  ['{%', '%}'],
  ['{#', '#}'],
] as const;

/**
 * Splits text at white space, but not within quotes and template blocks. The words keep the line breaks and further
 * spaces behind them, so that joining them gives the text back.
 */
export const splitArguments = (text: string): string[] => {
  const words: string[] = [];
  const depths = [0, 0, 0];
  let quote = '';
  const appendToLast = (addition: string): void => {
    if (words.length > 0) words[words.length - 1] += addition;
  };
  const lines = text.split('\n');
  lines.forEach((line, lineNumber) => {
    const tokens = line.split(' ');
    let isContinued = false;
    for (const [index, token] of tokens.entries()) {
      if (token === '' && index > 0) {
        appendToLast(' ');
        continue;
      }
      if (token === '\\' && quote === '') {
        isContinued = true;
        continue;
      }
      const wasQuoted = quote !== '';
      const wasInBlock = depths.some((depth) => depth > 0);
      quote = quoteAfter(token, quote);
      const changed = countBlocks(token, depths);
      if (quote !== '' && !wasQuoted && !wasInBlock) words.push(token);
      else if (wasInBlock || wasQuoted || quote !== '')
        appendToLast(separatorBefore(index, tokens.length, wasQuoted) + token);
      else if (changed || token !== '') words.push(token);
    }
    if (lineNumber < lines.length - 1 && !isContinued) appendToLast('\n');
  });
  if (quote !== '' || depths.some((depth) => depth > 0)) {
    throw new MusterError({
      message:
        quote === ''
          ? 'a template block is not closed in these arguments'
          : `a ${quote} is not closed in these arguments`,
      hint: 'quote the whole value, or give the arguments as a mapping',
    });
  }
  return words;
};

const separatorBefore = (index: number, tokensInLine: number, wasQuoted: boolean): string => {
  if (index > 0) return ' ';
  return wasQuoted || tokensInLine > 1 ? '' : '\n';
};

/** The quote that is open behind `token` when `quote` was open before it. */
const quoteAfter = (token: string, quote: string): string => {
  let open = quote;
  for (let index = 0; index < token.length; index++) {
    const character = token[index]!;
    if ((character !== '"' && character !== "'") || token[index - 1] === '\\') continue;
    if (open === '') open = character;
    else if (open === character) open = '';
  }
  return open;
};

/** Counts the blocks that a token opens and closes into `depths`; true when that changed one. */
const countBlocks = (token: string, depths: number[]): boolean => {
  let hasChanged = false;
  blocks.forEach(([opening, closing], kind) => {
    const difference = count(token, opening) - count(token, closing);
    if (difference === 0) return;
    const before = depths[kind]!;
    depths[kind] = Math.max(0, before + difference);
    if (depths[kind] !== before) hasChanged = true;
  });
  return hasChanged;
};

const count = (text: string, part: string): number => (text.includes(part) ? text.split(part).length - 1 : 0);
