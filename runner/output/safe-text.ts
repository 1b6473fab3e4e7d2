import { stripVTControlCharacters } from 'node:util';

// Control characters, and marks that turn the direction of text around them: neither may reach a terminal from a host.
const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text from a host as it may be shown: without escape sequences, and of a line that was drawn over, its last state. */
export const safeText = (text: string): string =>
  stripVTControlCharacters(text)
    .split('\n')
    .map((line) =>
      line
        .replace(/\r+$/, '')
        .replace(/^[^\n]*\r/, '')
        .replace(dangerous, ''),
    )
    .join('\n');
