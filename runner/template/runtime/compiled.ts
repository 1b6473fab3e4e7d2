import type { Context } from './context.ts';
import type { Sink } from './sink.ts';

/** Runs a block with what its context holds. */
export type BlockBody = (context: Context, sink: Sink) => void;

/** A template that is ready to run. */
export interface CompiledTemplate {
  readonly blocks: ReadonlyMap<string, BlockBody>;
  /** The names of all variables that it may read. */
  readonly reads: ReadonlySet<string>;
  /** The file that it was loaded from, when it was included or imported. */
  readonly file?: string;
  /** Runs the template's body, and that of the template that it extends. */
  readonly run: (context: Context, sink: Sink) => void;
}
