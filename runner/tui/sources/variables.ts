/** A variable as a host sees it, with where it comes from. */
export interface VariableRow {
  readonly name: string;
  /** In one line, without secrets. */
  readonly value: string;
  /** The level of precedence: `group_vars/web`, `host_vars`, `extra vars`. */
  readonly level: string;
  /** `file:line`, where that is known. */
  readonly place: string | undefined;
  /** A stronger level sets it too: this value is not seen. */
  readonly isHidden: boolean;
}
