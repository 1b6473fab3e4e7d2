/** A mistake in YAML's syntax at an index of the text; `load.ts` makes the error for people out of it. */
export class SyntaxMistake extends Error {
  readonly index: number;
  /** What was being read when it happened. */
  readonly within: string | undefined;

  constructor(message: string, index: number, within?: string) {
    super(message);
    this.name = 'SyntaxMistake';
    this.index = index;
    this.within = within;
  }
}
