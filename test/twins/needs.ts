import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { debianBasePath } from '../lab/debian-base.ts';
import { isRoot } from '../support/sshd.ts';

/** Where Debian puts Mitogen's strategies for Ansible. */
export const mitogenStrategies = '/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy';

/** Nothing may be left out: what a test needs and does not find is its failure. */
export const isRequired = process.env.MUSTER_TEST_REQUIRE_ALL === '1';

const has = (program: string): boolean =>
  [...(process.env.PATH ?? '').split(':'), '/usr/sbin'].some((folder) => existsSync(join(folder, program)));

/** What of these is not here: root, and programs. */
export const missing = (programs: readonly string[]): string[] => [
  ...(isRoot ? [] : ['root']),
  ...programs.filter((program) => !has(program)),
];

/** What there is not, of what the comparison with Ansible needs. */
export const lackingForTwins = async (): Promise<string[]> => [
  ...missing(['systemd-nspawn', 'ssh', 'ansible-playbook']),
  // Parts of the playbook are from collections.
  ...(existsSync('/usr/lib/python3/dist-packages/ansible_collections/ansible/posix') ? [] : ['Debian package ansible']),
  ...(isRequired || existsSync(await debianBasePath()) ? [] : ['the base system that `npm run lab -- up` makes once']),
];

/** The same where Ansible runs over Mitogen. */
export const lackingForSituations = async (): Promise<string[]> => [
  ...(await lackingForTwins()),
  ...(existsSync(mitogenStrategies) ? [] : ['Debian package ansible-mitogen']),
];

// Tools that a module calls, and Python's packages that Ansible's modules need besides.
const tools = ['git', 'rsync', 'pip3', 'python3', 'gpg', 'sshd', 'unshare', 'nsenter'];
const pythonPackages = ['pexpect', 'paramiko', 'lxml'];

/** The same for situations on copies of this machine. */
export const lackingForCopies = async (): Promise<string[]> => [
  ...(await lackingForSituations()),
  ...missing(tools),
  ...pythonPackages
    .filter((name) => !existsSync(`/usr/lib/python3/dist-packages/${name}`))
    .map((name) => `Debian package python3-${name}`),
];

/** The same for a run on a busybox host. */
export const lackingForBusybox = (): string[] => missing(['systemd-nspawn', 'ssh', 'sshd', 'busybox']);

/** A title that says what is not there. */
export const titled = (name: string, lacking: readonly string[]): string =>
  lacking.length === 0 ? name : `${name} (needs ${lacking.join(', ')})`;
