import { BecomeError } from '../../errors/index.ts';
import { didYouMean } from '../../errors/suggest.ts';
import type { BecomeSpec } from '../connection-spec.ts';
import { quote } from '../script.ts';

/** How a command is run as another user. */
export interface Becoming {
  /** The command line. */
  readonly command: string;
  /** What its question looks like at the end of the output; the text is random where the method allows that. */
  readonly prompt: RegExp | undefined;
  /** It opens the terminal for its question, so it needs one. */
  readonly needsTerminal?: boolean;
}

export type BecomeMethod = 'sudo' | 'su' | 'doas';

const names: Readonly<Record<string, BecomeMethod>> = {
  sudo: 'sudo',
  su: 'su',
  doas: 'doas',
  'ansible.builtin.sudo': 'sudo',
  'ansible.builtin.su': 'su',
  'community.general.doas': 'doas',
};

// Methods that Ansible has plugins for, so that a name of these is no spelling mistake.
const refused = new Set(['dzdo', 'ksu', 'machinectl', 'pbrun', 'pfexec', 'pmrun', 'runas', 'sesu', 'enable']);

/** The method behind a name as playbooks write it. Throws BecomeError for one that there is not. */
export const becomeMethod = (name: string): BecomeMethod => {
  const method = Object.hasOwn(names, name) ? names[name] : undefined;
  if (method) return method;
  const short = name.slice(name.lastIndexOf('.') + 1);
  if (refused.has(short)) {
    throw new BecomeError({ message: `become method '${name}' is not supported`, hint: 'use sudo, su or doas' });
  }
  throw new BecomeError({
    message: `there is no become method '${name}'`,
    expected: 'sudo, su or doas',
    hint: didYouMean(name, ['sudo', 'su', 'doas']),
  });
};

/** Wraps `command`, a plain command line, so that it runs as the user of `spec`. `word` is a random text. */
export const becoming = (spec: BecomeSpec, command: string, word: string): Becoming => {
  const method = becomeMethod(spec.method);
  const exe = spec.exe ? quote(spec.exe) : method;
  const hasPassword = spec.password !== undefined && spec.password !== '';
  const user = quote(spec.user);
  switch (method) {
    case 'sudo': {
      const flags = spec.flags ?? '-H -S -n';
      if (!hasPassword) {
        const isSilent = asksNever(flags);
        return {
          command: words(exe, flags, '-u', user, command),
          prompt: isSilent ? undefined : /password[^\n]*[:：] ?$/i,
        };
      }
      const prompt = `[sudo via muster, key=${word}] password:`;
      return {
        command: words(
          exe,
          withoutSilence(flags),
          readsInput(flags) ? '' : '-S',
          '-p',
          quote(prompt),
          '-u',
          user,
          command,
        ),
        prompt: new RegExp(`key=${word}\\] password:$`),
      };
    }
    case 'su':
      return {
        command: words(exe, spec.flags ?? '', user, '-c', quote(command)),
        prompt: /[:：] ?$/,
      };
    case 'doas':
      return {
        command: words(exe, spec.flags ?? '', hasPassword ? '' : '-n', '-u', user, command),
        prompt: hasPassword ? /password[^\n]*: ?$/i : undefined,
        needsTerminal: hasPassword,
      };
  }
};

const words = (...parts: string[]): string => parts.filter((part) => part !== '').join(' ');

// One-letter options may stand together, as in -Hn.
const hasLetter = (flags: string, letter: string, long: string): boolean =>
  flags.split(/\s+/).some((flag) => flag === long || (/^-[A-Za-z]+$/.test(flag) && flag.includes(letter)));

const asksNever = (flags: string): boolean => hasLetter(flags, 'n', '--non-interactive');
const readsInput = (flags: string): boolean => hasLetter(flags, 'S', '--stdin');

/** The flags of sudo without the one that forbids its question. */
const withoutSilence = (flags: string): string =>
  flags
    .split(/\s+/)
    .map((flag) => {
      if (flag === '--non-interactive' || flag === '-n') return '';
      return /^-[AbEeHiKklnPSsVv]+$/.test(flag) ? flag.replaceAll('n', '') : flag;
    })
    .filter((flag) => flag !== '')
    .join(' ');
