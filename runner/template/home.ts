import { readFileSync } from 'node:fs';

/** The home directory of a user of the controller; undefined when there is no such user. */
export const homeOf = (user: string): string | undefined => {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${user}:`));
    return line?.split(':')[5];
  } catch {
    return undefined;
  }
};
