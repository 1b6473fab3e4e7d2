import { homedir, hostname, userInfo } from 'node:os';
import { SourceError } from '../../errors/index.ts';
import type { Options } from './options.ts';

/** What ssh's percent tokens stand for, by their letters. `name` is the host's as it was given. */
export const tokensOf = (options: Options, name: string, localUser: string) => ({
  h: expand(options.text('hostname') ?? '%h', { h: name }),
  n: name,
  p: String(options.number('port') ?? 22),
  r: options.text('user') ?? localUser,
  u: localUser,
  d: homedir(),
  l: hostname(),
  L: hostname().split('.')[0]!,
  i: String(userInfo().uid),
  k: options.text('hostkeyalias') ?? name,
});

/** Puts ssh's percent tokens and `${VARIABLE}`s in. */
export const expand = (text: string, tokens: Readonly<Record<string, string>>): string =>
  text
    .replace(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? '')
    .replace(/%(.)/g, (whole, letter: string) => (letter === '%' ? '%' : (tokens[letter] ?? whole)));

/**
 * The same for a command that a shell of this machine runs. Throws SourceError where a name would be more than a word to it: names
 * may come from hosts and inventories. What is refused is what ssh refuses (since 9.6).
 */
export const expandCommand = (command: string, tokens: Readonly<Record<string, string>>): string => {
  for (const [, letter] of command.matchAll(/%(.)/g)) {
    const value = tokens[letter!] ?? '';
    const refused = letter === 'r' ? unsafeUser : unsafeHost;
    if ('hknr'.includes(letter!) && refused.test(value)) {
      throw new SourceError({
        message: `${JSON.stringify(value)} is not put into a command for the shell: ${command}`,
        expected: `a name of a ${letter === 'r' ? 'user' : 'host'} without characters that mean something to a shell`,
        hint: 'ssh refuses it too: give it another name, or write into the command what the token stands for',
      });
    }
  }
  return expand(command, tokens);
};

const unsafeHost = /^-|[\s\p{Cc}'`"$\\;&<>|(){}]/u;
const unsafeUser = /^-|\s-|\\$|[\p{Cc}'`";&<>|(){}]/u;
