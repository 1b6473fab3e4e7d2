import { ModuleFailure } from '../../../errors/index.ts';
import type { Value } from '../../../values/index.ts';

/** What symbolic modes are worked out against. */
export interface ModeBase {
  /** The present permission bits. */
  readonly mode: number;
  readonly isDirectory: boolean;
  readonly umask: number;
}

/**
 * The permission bits that a `mode` argument means: an int as YAML read it (0644 is 420), octal text, or symbols that
 * change the present bits. Throws ModuleFailure.
 */
export const resolveMode = (mode: Value, base: ModeBase, path: string): number => {
  if (typeof mode === 'number') return mode;
  const text = typeof mode === 'string' ? mode : '';
  if (/^\s*(0o)?[0-7]+\s*$/i.test(text)) return Number.parseInt(text.trim().replace(/^0o/i, ''), 8);
  try {
    return applySymbols(text, base);
  } catch (error) {
    throw new ModuleFailure('mode must be in octal or symbolic form', { path, details: (error as Error).message });
  }
};

/** `0644`, as results show modes. */
export const modeText = (mode: number): string => `0${(mode & 0o7777).toString(8).padStart(3, '0')}`;

/** All five digits: chmod then sets exactly these bits, also setuid and setgid of directories. */
export const chmodWord = (mode: number): string => (mode & 0o7777).toString(8).padStart(5, '0');

const applySymbols = (text: string, base: ModeBase): number =>
  text.split(',').reduce((mode, clause) => applyClause(mode, clause, base), base.mode);

const shifts: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };
const specialBits: Readonly<Record<string, { letter: string; bit: number }>> = {
  u: { letter: 's', bit: 0o4000 },
  g: { letter: 's', bit: 0o2000 },
  o: { letter: 't', bit: 0o1000 },
};

/** One clause such as `ug+rwX-s`; every letter looks at the bits from before all clauses, as Ansible has it. */
const applyClause = (start: number, clause: string, base: ModeBase): number => {
  const match = /^([^-+=]*)((?:[-+=][^-+=]*)*)$/.exec(clause);
  const who = match?.[1] ?? '';
  if (!match || !/^(a|[ugo]*)$/.test(who)) throw new Error(`bad symbolic permission for mode: ${clause}`);
  const users = who === '' || who === 'a' ? 'ugo' : who;
  let mode = start;
  for (const [, operator, letters] of match[2]!.matchAll(/([-+=])([^-+=]*)/g)) {
    if (/[^rwxXstugo]/.test(letters!)) throw new Error(`bad symbolic permission for mode: ${clause}`);
    for (const user of users) {
      const bits = bitsOf(user, letters!, who === '', base);
      const shift = shifts[user]!;
      if (operator === '+') mode |= bits;
      else if (operator === '-') mode &= ~bits;
      else mode = (mode & ~((7 << shift) | specialBits[user]!.bit)) | bits;
    }
  }
  return mode & 0o7777;
};

const bitsOf = (user: string, letters: string, usesUmask: boolean, base: ModeBase): number => {
  const shift = shifts[user]!;
  let bits = 0;
  for (const letter of letters) {
    if (letter === 's' || letter === 't') {
      const special = specialBits[user]!;
      if (special.letter === letter) bits |= special.bit;
    } else if (letter === 'X') {
      if (base.isDirectory || (base.mode & 0o111) !== 0) bits |= 1 << shift;
    } else if (letter in shifts) {
      bits |= ((base.mode >> shifts[letter]!) & 7) << shift;
    } else {
      const bit = { r: 4, w: 2, x: 1 }[letter]! << shift;
      bits |= usesUmask ? bit & ~base.umask : bit;
    }
  }
  return bits;
};
