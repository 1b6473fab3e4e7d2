/** What the console shows, and whether it may work by the clock. */
export interface ConsoleOptions {
  readonly verbosity: number;
  readonly showsCustomStats: boolean;
  readonly diffContext: number;
  /** The run goes on now: timers let things show that no event brings about. Off when a record is replayed. */
  readonly isLive: boolean;
}

// A task that ends sooner shows neither progress nor live output: they would only flicker.
export const liveAfter = 300;
// So long results wait for others of the same kind, to be shown with them.
export const patience = 1000;
// Where no progress can be drawn, a heading tells what a task that takes longer than this is.
export const headingAfter = 1000;
// Lines of live output a task, unless -v asks for all.
export const mostOutput = 30;
// In plays of more hosts, hosts that changed share lines.
export const smallPlay = 10;
