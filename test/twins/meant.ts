import type { IsMeant } from './results.ts';

interface Meant {
  /** The module, or the task where it is about one alone. */
  readonly module?: string;
  readonly task?: RegExp;
  /** How the task ended, where that matters. */
  readonly status?: RegExp;
  /** What Ansible has there, where that matters. */
  readonly its?: RegExp;
  /** The value's path in the result; `status` is how the task ended. */
  readonly value: RegExp;
  readonly reason: string;
}

const sent = 'Ansible tells where it put a temporary copy; muster makes none, or tells the source itself';
const terminal =
  'Ansible runs it in a terminal, which mixes the streams and ends lines with \\r\\n; muster keeps them apart';
const moment = 'differs with time, or from host to host';
const python = 'comes from Python or ssh, and not from the host';

/** What may differ in a run; see README.md. */
export const meantAlways: readonly Meant[] = [
  { module: 'copy', value: /^src$/, reason: sent },
  { module: 'template', value: /^src$/, reason: sent },
  { module: 'assemble', value: /^src$/, reason: sent },
  { module: 'unarchive', value: /^src$/, reason: sent },
  { module: 'get_url', value: /^src$/, reason: sent },
  { module: 'unarchive', value: /^extract_results\.cmd/, reason: "tar's command line is each program's own" },
  { module: 'raw', value: /^std(out|err)(_lines)?$/, reason: terminal },
  { module: 'script', value: /^stderr(_lines)?$/, reason: terminal },
  { module: 'pause', value: /^stdout$/, reason: moment },
  { module: 'include_vars', value: /^ansible_included_var_files$/, reason: 'muster tells the path without `..` in it' },
  {
    module: 'wait_for',
    value: /^(state|uid|gid|owner|group|mode|size)$/,
    reason: "a file's rights would cost another round trip; its documentation does not name them",
  },
  {
    task: /checksum$|refuses$|not there$/,
    value: /^checksum/,
    reason: 'a task that failed tells why, and not what it had found out so far',
  },
  {
    value: /(^|\.)ansible_date_time\.|(^|\.)ansible_(loadavg|memfree_mb|memory_mb|uptime_seconds|mounts)\b/,
    reason: moment,
  },
  { value: /(^|\.)ansible_(all_ipv6_addresses|eth0\.ipv6|eth0\.macaddress|default_ipv4\.macaddress)$/, reason: moment },
  { value: /(^|\.)ansible_(ssh_host_key_\w+|machine_id|devices\b.*)$/, reason: moment },
  {
    value: /(^|\.)ansible_interfaces$|(^|\.)ansible_ml\w+(\.|$)/,
    reason: 'the kernel shows the links of other containers',
  },
  { value: /(^|\.)ansible_env\.(LC_CTYPE|_|SUDO_COMMAND|SSH_CLIENT|SSH_CONNECTION)$/, reason: python },
  {
    value: /\.(systemd-(hostname|timedate)d|dbus-org\.freedesktop\.(hostname|timedate)1)\.service\.state$/,
    reason: 'it ends when nobody asks it',
  },
  { module: 'archive', value: /^archived$/, reason: 'Ansible takes the order of the file system, muster sorts' },
  {
    value:
      /^status\..*(Exec|Timestamp|PID|InvocationID|ControlGroupId|Memory|CPUUsage|Tasks|IO[A-Z]\w*(Bytes|Operations))/,
    reason: moment,
  },
];

/** What may differ in a run without --diff besides. */
export const meantWithoutDiff: readonly Meant[] = [
  { value: /^diff$/, reason: 'Ansible gives some diffs that nobody asked for' },
];

const unsupported = 'Ansible leaves it out of check runs; muster predicts it';

/** What may differ in a check run besides. */
export const meantInChecks: readonly Meant[] = [
  { module: 'assemble', value: /^(status|msg)$/, reason: unsupported },
  {
    module: 'lineinfile',
    value: /^diff$/,
    reason: "muster's diff of a file to be made shows its mode, as the real run does",
  },
  { module: 'known_hosts', value: /^diff$/, reason: "Ansible's diff of a removal is empty" },
  { module: 'fetch', value: /^msg$/, reason: 'the words for a module without check mode' },
  {
    module: 'get_url',
    value: /^checksum_src$/,
    reason: 'Ansible gives the checksum of the empty file that it made instead of the download',
  },
];

/** What may differ in the situations of single modules besides. */
export const meantInSituations: readonly Meant[] = [
  {
    status: /^failed/,
    value: /^(?!msg$|rc$|std(out|err)$|cmd$)/,
    reason: 'a task that failed tells why, and not what it had found out so far',
  },
  {
    value: /^msg$/,
    its: /^"Could not find or access/,
    reason: 'Ansible also looks in the folder that it was started in',
  },
  {
    task: /^(unarchive: bad archive|template: bad newline|locale_gen: bad|pam_limits: bad|reboot: bad)/,
    value: /^msg$/,
    reason: 'each program has words of its own',
  },
  {
    module: 'alternatives',
    value: /^diff$/,
    reason: 'Ansible does not read the link of an alternative that is there; muster does',
  },
  {
    module: 'git',
    status: /^failed/,
    value: /^(cmd|stderr|msg)$/,
    reason: "which commands of git lead to a failure is each program's own",
  },
  {
    task: /^service: by its init script/,
    value: /^status\.restarted\.stdout$/,
    reason: 'of a restart muster tells what the stop said, too',
  },
  {
    task: /^service: run levels of its init script/,
    value: /^status\.null$/,
    reason: 'Ansible tells of the state that was not asked for, by the name null',
  },
  { module: 'git', value: /^diff$/, its: /Failed to get proper diff/, reason: 'each program has words of its own' },
  {
    module: 'ssh_config',
    value: /^hosts_change_diff$/,
    its: /"old":\{"forwardagent":"yes"/,
    reason: 'Ansible tells the new options as the old ones, too',
  },
  { task: /^expect: not there/, value: /^msg$/, reason: 'muster tells what the shell said of it in stdout' },
  { task: /^expect: too few/, value: /^msg$/, reason: 'Ansible shows the bytes before the last match only' },
  {
    module: 'dnf',
    task: /a group by its name|an environment/,
    value: /^results$/,
    reason: 'Ansible looks up what a group is called; dnf tells the names of its packages only',
  },
  {
    module: 'reboot',
    value: /^msg$/,
    its: /Shared connection to/,
    reason: "Ansible's ssh tells that its terminal is gone",
  },
  { task: /^rpm_key: no key/, value: /^msg$/, reason: 'gpg is asked in other words' },
  { task: /no such program/, value: /^msg$/, reason: 'Ansible tells all places where it has looked' },
  { module: 'pip', value: /^cmd$/, its: / list /, reason: 'Ansible tells the command that looked' },
  { module: 'synchronize', value: /^cmd$/, reason: "muster's rsync goes through the connection that is there" },
  { module: 'synchronize', value: /^msg$/, its: /Permanently added/, reason: "Ansible's ssh asks for no host key" },
  { task: /^xml: (broken|bad path)/, value: /^msg$/, reason: 'each program has words of its own' },
  { module: 'cron', value: /^backup_file$/, reason: 'a name that is made up' },
  { module: 'pam_limits', value: /^backup_file$/, reason: 'Ansible backs a file up that it does not change' },
  { module: 'timezone', value: /^msg$/, reason: "Ansible's own commands" },
  {
    module: 'sysvinit',
    value: /^status\.(restarted\.stdout|null)/,
    reason: 'Ansible tells the last of the commands only',
  },
  { module: 'apt', value: /^diff$/, its: /^\[""\]$/, reason: 'Ansible gives an empty diff' },
  { module: 'archive', value: /^size$/, reason: 'the bytes of an archive depend on the program that packed it' },
  { module: 'user', value: /^ssh_(fingerprint|public_key)$/, reason: 'a key that was made is another one each time' },
  { module: 'known_hosts', value: /^diff$/, reason: "Ansible's diff of a removal is empty" },
  { value: /^(msg|rc)$/, its: /^"(MODULE FAILURE|An unhandled exception)/, reason: 'Ansible has no message for it' },
  { status: /^failed/, value: /^rc$/, its: /^1$/, reason: 'the code of the Python program that the module is' },
];

/** Judges by lists as above. */
export const judge =
  (...lists: (readonly Meant[])[]): IsMeant =>
  (outcome, path, mine, its) =>
    isOrder(path, mine, its) ||
    lists
      .flat()
      .some(
        ({ module, task, status, its: theirs, value }) =>
          value.test(path) &&
          (status === undefined || status.test(outcome.status)) &&
          (theirs === undefined || theirs.test(JSON.stringify(its) ?? '')) &&
          (module === undefined || outcome.module.endsWith(`.${module}`)) &&
          (task === undefined || task.test(outcome.task)),
      );

// systemd and Python's sets give lists in no order of their own.
const isOrder: (path: string, mine: unknown, its: unknown) => boolean = (path, mine, its) => {
  const words = (value: unknown): string[] | undefined => {
    if (path.startsWith('status.') && typeof value === 'string') return value.split(' ').sort();
    return /\.ansible_\w+$/.test(`.${path}`) && Array.isArray(value)
      ? value.map((item) => JSON.stringify(item)).sort()
      : undefined;
  };
  const [left, right] = [words(mine), words(its)];
  return left !== undefined && right !== undefined && left.join(' ') === right.join(' ');
};
