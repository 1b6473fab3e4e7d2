/** What a form asks for. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  /** Where it goes: an option of the run, a question of a play, an argument of a role. */
  readonly kind: 'option' | 'prompt' | 'argument';
  readonly type: 'text' | 'number' | 'boolean' | 'choice' | 'secret' | 'data';
  readonly choices?: readonly string[] | undefined;
  /** What holds when nothing is filled in. */
  readonly default: string;
  readonly isRequired: boolean;
  readonly help: string;
  /** Of an argument, the role that it is for. */
  readonly group?: string | undefined;
}

/** A run as somebody wants it. */
export interface RunRequest {
  readonly playbooks: readonly string[];
  readonly inventory?: readonly string[] | undefined;
  readonly limit?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly skipTags?: readonly string[] | undefined;
  readonly check?: boolean | undefined;
  readonly diff?: boolean | undefined;
  /** As behind -e, each. */
  readonly extraVars?: readonly string[] | undefined;
  /** Answers to questions of plays, by the names of their variables. */
  readonly answers?: ReadonlyMap<string, string> | undefined;
  /** The names of extra variables whose values are secret. */
  readonly secretVars?: readonly string[] | undefined;
  /** A command line that this repeats: its other options hold too. */
  readonly repeats?: readonly string[] | undefined;
  /** The record of the run that this one goes on with. */
  readonly resumes?: string | undefined;
}
