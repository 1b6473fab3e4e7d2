import { quote } from './script.ts';

/**
 * The command line that runs a script in a POSIX sh, written so that any login shell reads it alike: quotes inside of
 * quotes, backslashes and exclamation marks mean something else to fish and csh, so they travel as numbers.
 */
export const shellLine = (shell: string, script: string): string => {
  if (!/['\\!\n]/.test(script)) return `${quote(shell)} -c '${script}'`;
  return `${quote(shell)} -c 'eval "$(printf %b "${encode(script)}")"'`;
};

const encode = (text: string): string => {
  let encoded = '';
  for (const byte of Buffer.from(text)) {
    const character = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9 _@+=:,./;<>&-]/.test(character) ? character : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return encoded;
};
