/** A playbook to run, as every runner of playbooks understands it. */
export interface Play {
  readonly playbook: string;
  readonly inventory: string;
  readonly forks: number;
  readonly strategy?: 'linear' | 'free';
  /** Further options that all of them know. */
  readonly options?: readonly string[];
}

/** Settings of all of them: many hosts at a time on a small machine answer late. */
export const playEnvironment = { ANSIBLE_TIMEOUT: '60' };

/** The command line behind the program's name. */
export const playArguments = ({ playbook, inventory, forks, options = [] }: Play): string[] => [
  playbook,
  '-i',
  inventory,
  '-f',
  String(forks),
  ...options,
];
