import { type Origin, TemplateError } from '../errors/index.ts';
import { missingOf, type Undefined } from '../values/index.ts';

/** A place in a template's text; `line` and `column` count from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

// Where in its template an error arose. The template's own place is added at the end, since equal texts share one
// compiled form.
const positions = new WeakMap<TemplateError, Position>();

// Where something undefined was named, and in the run of which template.
const named = new WeakMap<Undefined, { readonly position: Position; readonly run: object }>();

/** Notes where in the template a name stands that turned out to be undefined. `run`: which template is running. */
export const noteUndefined = (value: Undefined, position: Position, run: object): void => {
  named.set(value, { position, run });
};

/** Notes where in the template `error` arose, unless something further inside has done so. */
export const place = (error: TemplateError, position: Position, run?: object): TemplateError => {
  if (error.problems[0]?.origin !== undefined || positions.has(error)) return error;
  const missing = missingOf.get(error);
  const name = missing && named.get(missing);
  // The name itself is the better place, unless it came from another file.
  positions.set(error, name !== undefined && name.run === run ? name.position : position);
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
  // To Ansible, what has the wrong type because it is undefined counts as undefined.
  const isUndefined = error.kind === 'type' && error.message.includes('AnsibleUndefined');
  return new TemplateError(isUndefined ? 'undefined' : error.kind, better, { cause: error.cause });
};

// The lines of a block scalar all begin at the column of its first one.
const shift = (origin: Origin, { line, column }: Position): Origin => ({
  file: origin.file,
  line: origin.line + line,
  column: Math.max(1, origin.column + column),
});

/** Does `work`, whose errors stand in a template file. */
export const inFile = <Result>(file: string, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw error instanceof TemplateError ? locate(error, { file, line: 1, column: 1 }) : error;
  }
};
