import type { ErrorDetails } from '../events/index.ts';

/** What helps with an error, below its message. */
export const detailsText = ({ frame, expected, hint }: ErrorDetails): string =>
  [frame ?? '', expected ? `expected: ${expected}` : '', hint ? `hint: ${hint}` : '']
    .filter((part) => part !== '')
    .join('\n');
