/** A place in a source file. `line` and `column` count from 1. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `file:line:column`, the form that editors and terminals make clickable. */
export const formatOrigin = (origin: Origin): string => `${origin.file}:${origin.line}:${origin.column}`;
