/** How to become another user once logged in. */
export interface BecomeSpec {
  /** `sudo`, `su`, `doas`; another one is refused by name. */
  readonly method: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly exe: string | undefined;
  readonly flags: string | undefined;
}

/** Where and how to reach a host for one task: connection variables, keywords and settings, resolved. */
export interface ConnectionSpec {
  /** The inventory name; what messages and counters go by. */
  readonly host: string;
  /** `ssh`, `local`, …, as the user named it. */
  readonly connection: string;
  /** Name or address to connect to. */
  readonly address: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly privateKeyFile: string | undefined;
  /** The passphrase of `privateKeyFile`. */
  readonly passphrase: string | undefined;
  /** `ansible_ssh_common_args`, `ansible_ssh_extra_args` and `--ssh-common-args`, as written. */
  readonly sshArgs: readonly string[];
  /** Seconds until a connection attempt is given up. */
  readonly timeout: number;
  readonly hostKeyChecking: boolean;
  readonly become: BecomeSpec | undefined;
  /** `ansible_shell_executable`: the POSIX sh on the target. */
  readonly shell: string;
  /** Where local commands run; the working directory when absent. */
  readonly directory?: string | undefined;
}
