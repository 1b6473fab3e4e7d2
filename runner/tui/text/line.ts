/** What a piece of text means; how that looks is up to whoever paints it. */
export type Tone =
  | 'plain'
  | 'strong'
  | 'faint'
  | 'title'
  | 'ok'
  | 'changed'
  | 'failed'
  | 'unreachable'
  | 'skipped'
  | 'running'
  | 'added'
  | 'removed'
  | 'hunk';

/** A piece of a line. Its text may come from anywhere: control characters go when the line is fitted. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone | undefined;
  /** It stands under the cursor. */
  readonly isSelected?: boolean | undefined;
}

/** A line of the screen. */
export type Line = readonly Span[];

/** A piece of a line. */
export const span = (text: string, tone?: Tone, isSelected = false): Span => ({ text, tone, isSelected });

/** A line of one piece. */
export const lineOf = (text: string, tone?: Tone): Line => [span(text, tone)];

/** A line's text without its looks. */
export const textOfLine = (line: Line): string => line.map(({ text }) => text).join('');
