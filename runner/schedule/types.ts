import type { Origin } from '../errors/index.ts';
import type { Dict, VaultText } from '../values/index.ts';
import type { Timing } from './timing/index.ts';

/** Text of a schedules file, which may be encrypted; it is decrypted when it is used, and shown nowhere. */
export type SecretText = string | VaultText;

/** What `muster run` is told for a run. Paths are as the file has them, from the file's folder on. */
export interface RunDefinition {
  readonly playbooks: readonly string[];
  readonly inventory: readonly string[];
  readonly limit: string | undefined;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly extraVars: Dict | undefined;
  readonly check: boolean;
  readonly diff: boolean;
  readonly vaultPasswordFiles: readonly string[];
  readonly vaultIds: readonly string[];
  /** Further words of the command line. */
  readonly options: readonly string[];
}

/** What to do when a run is due while the one before goes on. */
export type Overlap = 'skip' | 'queue' | 'replace';

export interface Retries {
  /** How many runs follow a failed one at most. */
  readonly count: number;
  /** Milliseconds to the first, times `factor` to each further one, but no more than `longest`. */
  readonly delay: number;
  readonly factor: number;
  readonly longest: number;
}

/** A command: words, or one text for the shell. */
export type CommandDefinition = string | readonly string[];

/** What must hold for a run to begin. */
export type Requirement =
  | { readonly kind: 'schedule'; readonly name: string; readonly within: number | undefined }
  | { readonly kind: 'command'; readonly command: CommandDefinition; readonly timeout: number }
  | { readonly kind: 'playbook'; readonly playbook: string; readonly timeout: number };

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on. */
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly password: SecretText | undefined;
  readonly from: string;
}

/** What follows a run. */
export type Hook =
  | { readonly kind: 'command'; readonly command: CommandDefinition; readonly timeout: number }
  | {
      readonly kind: 'webhook';
      readonly url: SecretText;
      readonly method: string;
      readonly headers: ReadonlyMap<string, SecretText>;
      readonly timeout: number;
    }
  | { readonly kind: 'mail'; readonly to: readonly string[]; readonly subject: string | undefined };

export type HookEvent = 'failure' | 'change' | 'success';

export interface Schedule extends RunDefinition {
  readonly name: string;
  readonly description: string | undefined;
  readonly origin: Origin | undefined;
  readonly timing: Timing;
  /** The name of the zone; undefined: the machine's. */
  readonly timeZone: string | undefined;
  /** Milliseconds that a run may take. */
  readonly timeout: number | undefined;
  /** Milliseconds from the interrupt that ends a run to the kill. */
  readonly killAfter: number;
  readonly overlap: Overlap;
  /** What becomes of a run that was missed: nothing, one run, or one run while it is no more than so late. */
  readonly catchUp: 'skip' | 'once' | number;
  readonly retries: Retries;
  readonly requires: readonly Requirement[];
  readonly hooks: Readonly<Record<HookEvent, readonly Hook[]>>;
  /** `drift`: on_change is for what differs from the last report. */
  readonly report: 'drift' | undefined;
  /** Whether it waits to be resumed when it is first seen. */
  readonly paused: boolean;
}

/** A schedules file. */
export interface Schedules {
  /** Its real path, by which its state is known. */
  readonly file: string;
  readonly folder: string;
  readonly schedules: readonly Schedule[];
  readonly mail: MailServer | undefined;
}
