import { type Command, Option } from 'commander';
import { UsageError } from '../errors/index.ts';

/** What the command line of `muster run` and `muster exec` says. */
export interface RunFlags {
  readonly inventory?: readonly string[];
  readonly limit?: string;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly extraVars?: readonly string[];
  readonly secret?: readonly string[];
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly forks?: string;
  readonly become?: boolean;
  readonly becomeMethod?: string;
  readonly becomeUser?: string;
  readonly askBecomePass?: boolean;
  readonly becomePasswordFile?: string;
  readonly user?: string;
  readonly askPass?: boolean;
  readonly connectionPasswordFile?: string;
  readonly privateKey?: string;
  readonly connection?: string;
  readonly timeout?: string;
  readonly sshCommonArgs?: string;
  readonly sshExtraArgs?: string;
  readonly startAtTask?: string;
  readonly step?: boolean;
  readonly listHosts?: boolean;
  readonly listTasks?: boolean;
  readonly listTags?: boolean;
  readonly syntaxCheck?: boolean;
  readonly forceHandlers?: boolean;
  readonly flushCache?: boolean;
  readonly vaultId?: readonly string[];
  readonly vaultPasswordFile?: readonly string[];
  readonly askVaultPass?: boolean;
  readonly verbose?: number;
  readonly output?: readonly string[];
  readonly strategy?: string;
  readonly modulePath?: string;
  readonly record?: boolean;
  readonly runsDir?: string;
  readonly keep?: string;
  readonly tui?: boolean;
}

const append = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];
const count = (_value: string, earlier = 0): number => earlier + 1;

/** Lets only whole numbers through. */
const wholeNumber =
  (option: string, least: number) =>
  (value: string): string => {
    if (/^\s*\+?\d+\s*$/.test(value) && Number(value) >= least) return value.trim();
    throw new UsageError({ message: `${option} cannot be '${value}'`, expected: `a whole number from ${least} on` });
  };

/** ansible-playbook's options that say which hosts, which variables, and how to connect. */
export const addCommonOptions = (command: Command): Command =>
  command
    .option('-i, --inventory <source>', 'inventory file, directory, script, or list of hosts; repeatable', append)
    .addOption(new Option('--inventory-file <source>').hideHelp().argParser(append))
    .option('-l, --limit <pattern>', 'only these hosts; @file reads them from a file')
    .option('-e, --extra-vars <vars>', 'variables as key=value, JSON, YAML or @file; repeatable', append)
    .option('--secret <name>', 'show and record the value of this extra variable nowhere; repeatable', append)
    .option('-C, --check', 'change nothing, say what would change')
    .option('-D, --diff', 'show what changes in files and templates')
    .option('-f, --forks <number>', 'how many hosts are worked on at the same time', wholeNumber('--forks', 1))
    .option('-b, --become', 'become another user')
    .option('--become-method <method>', 'how: sudo, su or doas')
    .option('--become-user <user>', 'whom to become')
    .option('-K, --ask-become-pass', "ask for become's password")
    .option('--become-password-file <file>', "a file with become's password")
    .option('-u, --user <user>', 'the user to log in as')
    .option('-k, --ask-pass', 'ask for the password to log in with')
    .option('--connection-password-file <file>', 'a file with the password to log in with')
    .option('--private-key <file>', 'the private key to log in with')
    .addOption(new Option('--key-file <file>').hideHelp())
    .option('-c, --connection <type>', 'ssh or local')
    .option('-T, --timeout <seconds>', 'how long a connection attempt may take', wholeNumber('--timeout', 0))
    .option('--ssh-common-args <args>', "options of OpenSSH's ssh, as far as they map")
    .option('--ssh-extra-args <args>', "options of OpenSSH's ssh, as far as they map")
    .option('-M, --module-path <path>', 'where modules of your own would lie')
    .option('--vault-id <id>', 'a vault id with its source, label@source; repeatable', append)
    .option('--vault-password-file <file>', 'a file or script with the vault password; repeatable', append)
    .addOption(new Option('--vault-pass-file <file>').hideHelp().argParser(append))
    .option('-J, --ask-vault-password', 'ask for the vault password')
    .addOption(new Option('--ask-vault-pass').hideHelp())
    .option('-v, --verbose', 'tell more; repeatable up to -vvvv', count)
    .option(
      '--output <form>',
      'console, classic (the lines of ansible-playbook), jsonl (one event a line) or junit; jsonl=FILE and junit=FILE write a file; repeatable',
      append,
    )
    .addOption(new Option('--scp-extra-args <args>').hideHelp())
    .addOption(new Option('--sftp-extra-args <args>').hideHelp());

/** Further options of `muster run`. */
export const addPlaybookOptions = (command: Command): Command =>
  command
    .option('-t, --tags <tags>', 'only tasks with these tags; repeatable', append)
    .option('--skip-tags <tags>', 'no tasks with these tags; repeatable', append)
    .option('--start-at-task <name>', 'begin at this task')
    .option('--step', 'ask before each task')
    .option('--list-hosts', 'list the hosts of each play, run nothing')
    .option('--list-tasks', 'list the tasks of each play, run nothing')
    .option('--list-tags', 'list the tags of each play, run nothing')
    .option('--syntax-check', 'check the playbooks, run nothing')
    .option('--force-handlers', 'run handlers even when a task failed')
    .option('--flush-cache', 'forget cached facts')
    .option('--tui', 'watch and steer the run full-screen; see muster tui')
    .option('--no-record', "leave no record for 'muster history'")
    .option('--runs-dir <dir>', 'the directory of the records')
    .option('--keep <number>', 'how many records stay; the oldest go first', wholeNumber('--keep', 1));

/** Leaves options out of the help of a command that they do nothing for; they are taken all the same. */
export const hideOptions = (command: Command, hides: (long: string) => boolean): Command => {
  for (const option of command.options) if (hides(option.long ?? '')) option.hideHelp();
  return command;
};

/** Options that have a second name, under their first. */
export const withAliases = (flags: Record<string, unknown>): RunFlags => ({
  ...flags,
  ...(flags.inventoryFile !== undefined && {
    inventory: [...((flags.inventory as string[]) ?? []), ...(flags.inventoryFile as string[])],
  }),
  ...(flags.keyFile !== undefined && { privateKey: flags.keyFile as string }),
  ...(flags.vaultPassFile !== undefined && {
    vaultPasswordFile: [...((flags.vaultPasswordFile as string[]) ?? []), ...(flags.vaultPassFile as string[])],
  }),
  ...((flags.askVaultPassword ?? flags.askVaultPass) !== undefined && { askVaultPass: true }),
});
