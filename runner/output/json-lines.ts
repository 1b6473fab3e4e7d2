import type { Reader } from '../events/index.ts';

/** One event a line, as JSON (`schemas/event.schema.json`). */
export const jsonLines =
  (write: (text: string) => void): Reader =>
  (event) =>
    write(`${JSON.stringify(event)}\n`);
