import { type Origin, TemplateError } from '../errors/index.ts';

/** A place in a template's text; `line` and `column` count from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

// Where in its template an error arose. The template's own place is added at the end, since equal texts share one
// compiled form.
const positions = new WeakMap<TemplateError, Position>();

/** Notes where in the template `error` arose, unless something further inside has done so. */
export const place = (error: TemplateError, position: Position): TemplateError => {
  if (error.problems[0]?.origin === undefined && !positions.has(error)) positions.set(error, position);
  return error;
};

/** The error with the file, line and column of what failed; `origin` is where the template's text begins. */
export const locate = (error: TemplateError, origin: Origin | undefined, hint?: string): TemplateError => {
  const position = positions.get(error);
  const problem = error.problems[0];
  if (problem === undefined || problem.origin !== undefined) return error;
  const better = {
    ...problem,
    origin: origin && position ? shift(origin, position) : origin,
    hint: problem.hint ?? hint,
  };
  return new TemplateError(error.kind, better, { cause: error.cause });
};

// The lines of a block scalar all begin at the column of its first one.
const shift = (origin: Origin, { line, column }: Position): Origin => ({
  file: origin.file,
  line: origin.line + line,
  column: Math.max(1, origin.column + column),
});
