import type { Json, JsonObject } from '../../values/index.ts';
import type { Past } from './past.ts';

/** What has to be known of an execution that ended, of a task or of one item of its loop, to go on as if it had just ended. */
export interface RecordedOutcome {
  readonly result: Json;
  /** The result is not there but for what it counts as: no_log. */
  readonly isCensored?: true;
  /** Some texts of the result are left out, since secrets stand in them. */
  readonly isPartial?: true;
  /** What was left out matters to the run: it was registered, or told facts. */
  readonly isMissed?: true;
  readonly flags: JsonObject;
  readonly notify?: Json;
  readonly includes?: Json;
  /** The results of this many items stand in lines of their own. */
  readonly items?: number;
}

/** A task that ended on a host: the `step`-th that the host came to in the play. */
export interface StepLine {
  readonly type: 'step';
  readonly play: number;
  readonly host: string;
  readonly step: number;
  readonly task: string;
  /** It failed, and nothing took the failure up: a run that is resumed begins here. */
  readonly isBad?: true;
  readonly isHandler?: true;
  readonly outcome: RecordedOutcome;
}

/** An item of a loop that ended. */
export interface ItemLine {
  readonly type: 'item';
  readonly play: number;
  readonly host: string;
  readonly step: number;
  readonly task: string;
  readonly index: number;
  readonly of: number;
  /** It failed: a run that is resumed does it again. */
  readonly isBad?: true;
  /** A hash of the item, where it is no secret. */
  readonly item?: string;
  readonly outcome: RecordedOutcome;
}

/**
 * A task, or an item of its loop, begins whose change others follow. When nothing tells how it ended, nobody knows whether
 * it had made its change.
 */
export interface BeginLine {
  readonly type: 'begin';
  readonly play: number;
  readonly host: string;
  readonly step: number;
  readonly index?: number;
}

/** A task, or an item of its loop, is about to begin as a job of its own on the host. */
export interface JobLine {
  readonly type: 'job';
  readonly play: number;
  readonly host: string;
  readonly step: number;
  readonly index?: number;
  readonly id: string;
}

/** Whether the conditions of a `meta` task held. */
export interface DecisionLine {
  readonly type: 'decision';
  readonly play: number;
  readonly host: string;
  readonly step: number;
  readonly holds: boolean;
}

export interface PlayLine {
  readonly type: 'play';
  readonly play: number;
  readonly name?: string;
  /** In the order in which they are worked on. */
  readonly hosts: readonly string[];
}

/** An answer to a question that was no secret. */
export interface AnswerLine {
  readonly type: 'answer';
  readonly play: number;
  readonly name: string;
  readonly answer: string;
}

/** A source file that was read. */
export interface FileLine {
  readonly type: 'file';
  readonly path: string;
  readonly hash: string;
  /** A task brought it to a host. Such a file may be one for the moment, which is gone since. */
  readonly isContent?: true;
}

/** A handler that ran although the run was interrupted. */
export interface HandlerLine {
  readonly type: 'handler';
  readonly play: number;
  readonly host: string;
  readonly task: string;
}

/** A host left what is recorded of it behind: handlers that ran out of their turn may be notified again. */
export interface LiveLine {
  readonly type: 'live';
  readonly play: number;
  readonly host: string;
}

/** What the journal says of a host from this step on does not hold any more. */
export interface CutLine {
  readonly type: 'cut';
  readonly play: number;
  readonly host: string;
  readonly step: number;
}

export type JournalLine =
  | StepLine
  | ItemLine
  | BeginLine
  | JobLine
  | DecisionLine
  | PlayLine
  | AnswerLine
  | FileLine
  | HandlerLine
  | LiveLine
  | CutLine;

/** Where a run writes down what it would need to be resumed, and what an earlier run wrote down when this one resumes it. */
export interface Journal {
  readonly past: Past | undefined;
  /** The name of that run. */
  readonly resumes?: string | undefined;
  /** Keeps a line; it is safe from the end of the process when this comes back. */
  write(line: JournalLine): void;
  /** Whether a text holds something that must not be written down. */
  isSecret(text: string): boolean;
  /** Tasks are run again whose results would be needed and are not recorded. */
  readonly rerunsCensored: boolean;
  /** Goes on although what is run is not what was recorded. */
  readonly isForced: boolean;
}
