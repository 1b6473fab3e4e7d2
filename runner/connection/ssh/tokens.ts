import { homedir, hostname, userInfo } from 'node:os';
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
