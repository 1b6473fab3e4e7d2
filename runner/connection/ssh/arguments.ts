import { SourceError } from '../../errors/index.ts';
import { splitWords } from './words.ts';

/** One option of ssh: its lower-case name and its value as written in a configuration file. */
export type SshOption = readonly [name: string, value: string];

export interface SshArguments {
  readonly options: readonly SshOption[];
  /** The file of `-F`, instead of the user's and the system's. */
  readonly configFile: string | undefined;
  /** What was given and cannot be honoured, as written. */
  readonly unsupported: readonly string[];
}

// Flags of ssh(1) with a value that name an option.
const optionOfFlag: Readonly<Record<string, string>> = {
  J: 'proxyjump',
  i: 'identityfile',
  p: 'port',
  l: 'user',
  c: 'ciphers',
  m: 'macs',
  b: 'bindaddress',
};

const optionOfSwitch: Readonly<Record<string, SshOption>> = {
  A: ['forwardagent', 'yes'],
  a: ['forwardagent', 'no'],
  '4': ['addressfamily', 'inet'],
  '6': ['addressfamily', 'inet6'],
};

// These change nothing that muster does: verbosity, compression, terminals, multiplexing, X11.
const idleSwitches = new Set([...'CqvTtxXYKkgMnNfsy']);
const idleFlags = new Set([...'SEeQ']);

/** Reads what `ansible_ssh_common_args` and the like hold: arguments for the command ssh. Throws SourceError. */
export const parseSshArguments = (texts: readonly string[]): SshArguments => {
  const options: SshOption[] = [];
  const unsupported: string[] = [];
  let configFile: string | undefined;
  const words = texts.flatMap(splitWords);
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (!/^-[A-Za-z0-9]/.test(word)) {
      unsupported.push(word);
      continue;
    }
    // Switches may stand together, the last one may take a value: -CJ bastion.
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!;
      const known = optionOfSwitch[letter];
      if (known) options.push(known);
      if (known || idleSwitches.has(letter)) continue;
      const attached = word.slice(at + 1);
      const value = attached === '' ? words[++index] : attached;
      if (value === undefined) throw new SourceError({ message: `ssh's argument -${letter} needs a value` });
      const name = optionOfFlag[letter];
      if (letter === 'o') options.push(parseOption(value));
      else if (letter === 'F') configFile = value;
      else if (name) options.push([name, value]);
      else if (!idleFlags.has(letter)) unsupported.push(`-${letter} ${value}`);
      break;
    }
  }
  return { options, configFile, unsupported };
};

/** `Name=value` or `Name value`. */
const parseOption = (text: string): SshOption => {
  const found = /^\s*([A-Za-z][A-Za-z0-9]*)(?:\s*=\s*|\s+)([\s\S]*)$/.exec(text);
  if (!found) {
    throw new SourceError({ message: `'${text}' is no option of ssh`, expected: '-o Name=value' });
  }
  const name = found[1]!.toLowerCase();
  const value = found[2]!.trim();
  return [name, severalWords.has(name) ? value : unquote(value)];
};

// Their quotes tell which words belong together.
const severalWords = new Set(['setenv', 'proxycommand', 'userknownhostsfile', 'globalknownhostsfile']);

const unquote = (value: string): string => (/^"[^"]*"$/.test(value) ? value.slice(1, -1) : value);
