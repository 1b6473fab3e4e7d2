import { chmodSync, mkdirSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { folderForEachTest } from '../../test/support/folders.ts';
import { formatError, SourceError } from '../errors/index.ts';
import { describe as describeSource, loadConfig } from './index.ts';

const folder = folderForEachTest('muster-config-');
let warnings: string[];

beforeEach(() => {
  mkdirSync(folder.at('home'));
  warnings = [];
});

const write = (text: string, name = 'ansible.cfg') => folder.write(name, text);
const load = (env: NodeJS.ProcessEnv = {}) =>
  loadConfig({ cwd: folder.path, env: { HOME: folder.at('home'), ...env }, warn: (message) => warnings.push(message) });
const failureOf = (work: () => unknown): SourceError => {
  try {
    work();
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error('it should have failed');
};

test('has defaults without any file', () => {
  const config = load();
  expect(config.forks).toBe(5);
  expect(config.inventory).toEqual(['/etc/ansible/hosts']);
  expect(config.rolesPath[0]).toBe(folder.at('home/.ansible/roles'));
  expect(config.remoteUser).toBeUndefined();
  expect(describeSource(config.sourceOf('forks'))).toBe('default');
  expect(warnings).toEqual([]);
});

test('reads the types of settings from a file', () => {
  write(`
[defaults]
forks = 20 ; a comment
remote_user: "bob"
roles_path = roles:~/more:$HOME/x
callbacks_enabled = timer,
    profile_tasks
host_key_checking = False
# a whole line
[privilege_escalation]
BECOME = yes
[ssh_connection]
pipelining=True
`);
  const config = load();
  expect(config.forks).toBe(20);
  expect(config.remoteUser).toBe('bob');
  expect(config.rolesPath).toEqual([folder.at('roles'), folder.at('home/more'), folder.at('home/x')]);
  expect(config.callbacksEnabled).toEqual(['timer', 'profile_tasks']);
  expect(config.hostKeyChecking).toBe(false);
  expect(config.become).toBe(true);
  expect(config.pipelining).toBe(true);
  expect(describeSource(config.sourceOf('forks'))).toBe(`${folder.at('ansible.cfg')}:3`);
  expect(config.configFile).toBe(folder.at('ansible.cfg'));
  expect(warnings).toEqual([]);
});

test('lays muster.cfg over ansible.cfg, the environment over both, MUSTER_ over ANSIBLE_', () => {
  write('[defaults]\nforks = 1\ntimeout = 1\npoll_interval = 1\nverbosity = 1\n');
  write('[defaults]\nforks = 2\ntimeout = 2\npoll_interval = 2\n', 'muster.cfg');
  const config = load({ ANSIBLE_FORKS: '3', MUSTER_FORKS: '4', ANSIBLE_TIMEOUT: '3' });
  expect([config.forks, config.timeout, config.pollInterval, config.verbosity]).toEqual([4, 3, 2, 1]);
  expect(config.sourceOf('forks')).toMatchObject({ kind: 'environment', name: 'MUSTER_FORKS' });
});

test('takes the file that ANSIBLE_CONFIG names, also by its directory', () => {
  mkdirSync(folder.at('other'));
  write('[defaults]\nforks = 1\n');
  write('[defaults]\nforks = 2\nprivate_key_file = key\n', 'other/ansible.cfg');
  expect(load({ ANSIBLE_CONFIG: 'other/ansible.cfg' }).forks).toBe(2);
  expect(load({ ANSIBLE_CONFIG: 'other' }).privateKeyFile).toBe(folder.at('other/key'));
});

test('ignores the file of a directory that everybody may write to, and says so', () => {
  write('[defaults]\nforks = 1\n');
  chmodSync(folder.path, 0o777);
  expect(load().forks).toBe(5);
  expect(warnings).toEqual([expect.stringContaining('everybody may write')]);
});

test('warns of unknown sections and settings, with what was meant', () => {
  write('[defaults]\nforkes = 3\nbecome = yes\n[defauts]\nx = 1\n[galaxy]\nserver = x\n');
  load();
  expect(warnings).toEqual([
    `${folder.at('ansible.cfg')}:2: unknown setting forkes in [defaults]; did you mean 'forks'?`,
    `${folder.at('ansible.cfg')}:3: unknown setting become in [defaults]; it belongs into [privilege_escalation]`,
    `${folder.at('ansible.cfg')}: unknown section [defauts]; did you mean 'defaults'?`,
  ]);
});

test('warns of settings that it does not support, but not when they change nothing', () => {
  write('[defaults]\nfilter_plugins = ./filters\nenable_task_debugger = false\n');
  load({ ANSIBLE_DEBUG: 'true' });
  expect(warnings).toHaveLength(2);
  expect(warnings.join('\n')).toMatch(/ansible.cfg:2: muster does not support filter_plugins: .*Python/);
  expect(warnings.join('\n')).toMatch(/env: ANSIBLE_DEBUG: muster does not support debug/);
});

test('warns of mistyped environment variables only', () => {
  load({ ANSIBLE_FORK: '3', ANSIBLE_MY_OWN_THING: 'x', MUSTER_REMOTE_USR: 'y' });
  expect(warnings).toEqual([
    "the environment variable ANSIBLE_FORK is no setting; did you mean 'ANSIBLE_FORKS'?",
    "the environment variable MUSTER_REMOTE_USR is no setting; did you mean 'MUSTER_REMOTE_USER'?",
  ]);
});

test('reports all bad values at once, each at its place', () => {
  write('[defaults]\nforks = many\ngathering = sometimes\n');
  const error = failureOf(() => load({ ANSIBLE_TIMEOUT: 'soon' }));
  expect(error.problems.map(({ origin }) => origin?.line)).toEqual([undefined, 2, 3]);
  expect(formatError(error)).toContain('forks cannot be "many"');
  expect(formatError(error)).toContain('expected: one of implicit, explicit, smart');
  expect(formatError(error)).toContain('env: ANSIBLE_TIMEOUT');
});

test('takes an empty environment variable of a number as not set', () => {
  expect(load({ ANSIBLE_FORKS: '' }).forks).toBe(5);
});

test('reports mistakes of the file format with their lines', () => {
  write('forks = 1\n[defaults]\nforks = 1\nforks = 2\nwhat\n[defaults]\n');
  const error = failureOf(() => load());
  expect(error.problems.map(({ origin }) => origin?.line)).toEqual([1, 4, 5, 6]);
});

test('gives values by Ansible’s names', () => {
  write('[defaults]\nroles_path = r\nremote_tmp = /x\n');
  const config = load();
  expect(config.lookup('DEFAULT_ROLES_PATH')).toEqual([folder.at('r')]);
  expect(config.lookup('DEFAULT_REMOTE_USER')).toBeNull();
  expect(config.lookup('remote_tmp', 'shell')).toBe('/x');
  expect(config.lookup('NO_SUCH_SETTING')).toBeUndefined();
  expect(config.lookup('CONFIG_FILE')).toBe(folder.at('ansible.cfg'));
});
