import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { allModules, loadModule } from './registry.ts';

/** A tool that fails, and says something on both of its streams. */
const fails = 'echo said; echo why >&2; exit 7';

interface Case {
  readonly args: Record<string, unknown>;
  /** The tools of the host by name, as shell. */
  readonly tools: Readonly<Record<string, string>>;
  /** What the told command has in it. */
  readonly cmd: RegExp;
  /** The tool's words are told as one, where it prints them as one. */
  readonly isMerged?: true;
}

/** A module whose command fails, by the name of the module. */
const cases: Readonly<Record<string, Case>> = {
  command: { args: { argv: ['failing', 'x'] }, tools: { failing: fails }, cmd: /failing.*x/ },
  acl: {
    args: { path: 'FOLDER/file', entity: 'root', etype: 'user', permissions: 'r', state: 'present' },
    tools: { getfacl: 'echo user::rw-', setfacl: fails },
    cmd: /setfacl .*file/,
  },
  alternatives: {
    args: { name: 'x', path: 'FOLDER/file', link: '/usr/bin/x' },
    tools: { 'update-alternatives': `case $* in *--query*) exit 2;; *) ${fails};; esac` },
    cmd: /update-alternatives --install/,
  },
  apk: { args: { name: 'x' }, tools: { apk: `case $1 in version|info) exit 1;; *) ${fails};; esac` }, cmd: /apk add/ },
  dnf: { args: { name: 'muster-none' }, tools: { dnf: fails, rpm: 'exit 1' }, cmd: /dnf/ },
  apt_key: {
    args: { id: '12345678', file: 'FOLDER/file' },
    tools: { gpg: ':', 'apt-key': `case $* in *--list*) exit 0;; *) ${fails};; esac` },
    cmd: /apt-key add/,
    isMerged: true,
  },
  docker_compose_v2: {
    args: { project_src: 'FOLDER', check_files_existing: false },
    tools: { docker: `case $* in *version*) echo 2.26.1;; *) ${fails};; esac` },
    cmd: /docker compose .* up/,
  },
  expect: {
    args: { command: 'failing x', responses: {} },
    tools: { failing: fails },
    cmd: /failing x/,
    isMerged: true,
  },
  apt: { args: { autoclean: true }, tools: { 'apt-get': fails }, cmd: /apt-get/ },
  cron: {
    args: { name: 'x', job: 'y' },
    tools: { crontab: `case $1 in -l) exit 0;; *) cat >/dev/null; ${fails};; esac` },
    cmd: /crontab/,
  },
  debconf: { args: { name: 'x' }, tools: { 'debconf-show': fails }, cmd: /debconf-show x/ },
  dpkg_selections: { args: { name: 'x', selection: 'hold' }, tools: { dpkg: fails }, cmd: /dpkg --get-selections x/ },
  filesystem: {
    args: { dev: 'FOLDER/file', fstype: 'ext4' },
    tools: { blkid: 'exit 2', 'mkfs.ext4': fails },
    cmd: /mkfs.ext4/,
  },
  git: { args: { repo: 'FOLDER/none', dest: 'FOLDER/copy' }, tools: { git: fails }, cmd: /git clone/ },
  group: { args: { name: 'muster-none' }, tools: { groupadd: fails }, cmd: /groupadd.*muster-none/ },
  hostname: { args: { name: 'x', use: 'systemd' }, tools: { hostnamectl: fails }, cmd: /hostnamectl/ },
  iptables: {
    args: { chain: 'INPUT', jump: 'DROP' },
    tools: { iptables: `case "$*" in --version) echo iptables v1.8.9;; *-A*) ${fails};; *) exit 1;; esac` },
    cmd: /iptables -t filter -A INPUT -j DROP/,
  },
  lvg: { args: { vg: 'x', pvs: ['/dev/null'] }, tools: { vgs: ':', pvs: fails }, cmd: /pvs/ },
  lvol: {
    args: { vg: 'x', lv: 'y', size: '1' },
    tools: { lvm: 'echo LVM version: 2.03.16', vgs: fails, lvs: ':' },
    cmd: /vgs/,
  },
  modprobe: { args: { name: 'muster-none' }, tools: { modprobe: fails }, cmd: /modprobe muster-none/ },
  mount: {
    args: { path: 'FOLDER/mnt', src: 'x', fstype: 'ext4', state: 'mounted', fstab: 'FOLDER/fstab' },
    tools: { mount: fails },
    cmd: /mount .*FOLDER|mount .*mnt/,
  },
  npm: { args: { path: 'FOLDER', name: 'x', production: true }, tools: { npm: fails }, cmd: /npm/ },
  pacman: { args: { update_cache: true }, tools: { pacman: fails }, cmd: /pacman/ },
  parted: { args: { device: '/dev/null' }, tools: { parted: fails }, cmd: /parted/ },
  pip: {
    args: { name: 'x', executable: 'FOLDER/bin/pip3' },
    tools: { pip3: `case "$*" in *install*) ${fails};; esac` },
    cmd: /pip3.*install/,
  },
  raw: { args: { _raw_params: 'failing x' }, tools: { failing: fails }, cmd: /failing x/ },
  reboot: { args: { search_paths: ['FOLDER/bin'] }, tools: { shutdown: fails }, cmd: /shutdown -r/ },
  rpm_key: {
    args: { key: 'FOLDER/file' },
    tools: { rpm: `case $1 in -q) exit 1;; *) ${fails};; esac`, gpg: 'echo pub::::ABCDEF01' },
    cmd: /rpm --import .*file/,
  },
  script: { args: { _raw_params: 'FOLDER/script x' }, tools: {}, cmd: /script.* x/ },
  seboolean: {
    args: { name: 'x', state: true },
    tools: { getenforce: 'echo Enforcing', selinuxenabled: ':', getsebool: 'echo "x --> off"', setsebool: fails },
    cmd: /setsebool/,
  },
  selinux: {
    args: { state: 'disabled', configfile: 'FOLDER/file', update_kernel_param: true },
    tools: { grubby: `case $* in *--info*) echo 'args="quiet"';; *) ${fails};; esac` },
    cmd: /grubby --update-kernel/,
  },
  service: {
    args: { name: 'x', state: 'started', use: 'service' },
    tools: { 'rc-service': `case $2 in status) exit 3;; *) ${fails};; esac` },
    cmd: /rc-service x start/,
  },
  synchronize: { args: { src: 'FOLDER/file', dest: 'FOLDER/other' }, tools: { rsync: fails }, cmd: /rsync/ },
  sysctl: {
    args: { name: 'kernel.muster', value: '1', sysctl_set: true, reload: false, sysctl_file: 'FOLDER/sysctl' },
    tools: { sysctl: `case $* in *-n*) echo 0;; *) ${fails};; esac` },
    cmd: /sysctl -w kernel.muster=1/,
  },
  systemd: {
    args: { name: 'x', state: 'started' },
    tools: {
      systemctl: `case "$*" in *start*) ${fails};; *show*) echo LoadState=loaded; echo ActiveState=inactive;; esac`,
    },
    cmd: /systemctl start x/,
  },
  sysvinit: {
    args: { name: 'FOLDER/bin/daemon', state: 'started' },
    tools: { daemon: fails, service: 'echo stopped; exit 3' },
    cmd: /daemon start/,
  },
  timezone: {
    args: { name: 'UTC' },
    tools: { timedatectl: `case $1 in set-timezone) ${fails};; *) echo 'Time zone: Europe/Paris';; esac` },
    cmd: /timedatectl/,
  },
  ufw: { args: { state: 'enabled' }, tools: { ufw: fails }, cmd: /ufw status/ },
  user: { args: { name: 'muster-none', password: '$6$x$y' }, tools: { useradd: fails }, cmd: /useradd/ },
  zypper: { args: { name: 'x' }, tools: { zypper: fails }, cmd: /zypper/ },
  shell: { args: { _raw_params: 'failing x' }, tools: { failing: fails }, cmd: /failing x/ },
};

const run = async ({ args, tools }: Case, name: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-failures-'));
  await writeFile(join(folder, 'file'), 'text\n');
  await writeFile(join(folder, 'script'), `#!/bin/sh\n${fails}\n`);
  const host = await openFakeHost(folder, tools);
  try {
    return await host.run(await loadModule(name), JSON.parse(JSON.stringify(args).replaceAll('FOLDER', folder)), {
      controller: { find: async (_folder, path) => path },
    });
  } finally {
    await host.close();
    await rm(folder, { recursive: true, force: true });
  }
};

test.each(Object.entries(cases))(
  '%s tells the command that failed, its exit code and both outputs',
  async (name, one) => {
    const result = await run(one, name);
    expect(result, JSON.stringify(result)).toMatchObject({ failed: true, rc: 7 });
    expect(String(result.cmd)).toMatch(one.cmd);
    expect(`${result.stdout}${one.isMerged ? result.stderr : ''}`).toContain('said');
    expect(`${result.stderr}${one.isMerged ? result.stdout : ''}`).toContain('why');
  },
);

/** Why other modules are not in the table. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  'it runs no tool of the host, but reads and writes files': [
    ...['apt_repository', 'assemble', 'authorized_key', 'blockinfile', 'copy', 'deb822_repository', 'fetch', 'file'],
    ...['find', 'ini_file', 'kernel_blacklist', 'known_hosts', 'lineinfile', 'pam_limits', 'replace', 'slurp'],
    ...['ssh_config', 'stat', 'tempfile', 'template', 'xml', 'yum_repository'],
  ],
  'it acts on the run, or only tells what there is': [
    ...['add_host', 'assert', 'async_status', 'debug', 'fail', 'gather_facts', 'getent', 'group_by', 'include_vars'],
    ...['package_facts', 'pause', 'ping', 'service_facts', 'set_fact', 'set_stats', 'setup', 'validate_argument_spec'],
    ...['wait_for', 'wait_for_connection'],
  ],
  'it speaks to a server': [
    ...['docker_container', 'docker_container_exec', 'docker_container_info', 'docker_image', 'docker_login'],
    ...['docker_network', 'docker_prune', 'docker_volume', 'get_url', 'uri'],
    ...['mysql_db', 'mysql_info', 'mysql_query', 'mysql_replication', 'mysql_user', 'mysql_variables'],
  ],
  'it has another module do the work': ['package'],
  'its tool would change this machine first; tested on hosts': ['locale_gen'],
  'it tells what its archiver said among its values': ['archive', 'unarchive'],
};

test('every module is in the table, or it is said why not', () => {
  const named = new Set([...Object.keys(cases), ...Object.values(elsewhere).flat()]);
  expect(
    allModules()
      .map((full) => full.split('.').at(-1)!)
      .filter((name) => !named.has(name)),
  ).toEqual([]);
});

test('no password in an address is told', async () => {
  const git = { ...cases.git!, args: { repo: 'https://me:hunter2secret@127.0.0.1:1/x', dest: 'FOLDER/copy' } };
  const result = JSON.stringify(await run({ ...git, tools: { git: 'echo "cannot reach $*" >&2; exit 7' } }, 'git'));
  expect(result).toContain('me:********@127.0.0.1');
  expect(result).not.toContain('hunter2secret');
});
