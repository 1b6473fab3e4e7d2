/** A playbook to run, as every runner of playbooks understands it. */
export interface Play {
  readonly playbook: string;
  readonly inventory: string;
  readonly forks: number;
  readonly strategy?: 'linear' | 'free';
  /** Further options that all of them know. */
  readonly options?: readonly string[];
}

/** The command line behind the program's name. */
export const playArguments = ({ playbook, inventory, forks, options = [] }: Play): string[] => [
  playbook,
  '-i',
  inventory,
  '-f',
  String(forks),
  ...options,
];
