/** A pattern or replacement that Python's re refuses, in Python's words. `isLookup`: Python raises it out of an IndexError. */
export class PythonRegexError extends Error {
  readonly isLookup: boolean;
  constructor(message: string, position?: number, isLookup = false) {
    super(position === undefined ? message : `${message} at position ${position}`);
    this.name = 'PythonRegexError';
    this.isLookup = isLookup;
  }
}
