import type { ErrorDetails } from '../events/index.ts';

/** What helps with an error, below its message. */
export const detailsText = ({ place, frame, expected, hint }: ErrorDetails): string =>
  [place ? `at ${place}` : '', frame ?? '', expected ? `expected: ${expected}` : '', hint ? `hint: ${hint}` : '']
    .filter((part) => part !== '')
    .join('\n');
