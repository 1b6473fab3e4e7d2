/** A test that shows what a module does where the situations cannot: it names the module. */
export interface Proof {
  readonly files: readonly string[];
  /** Why hosts of the lab and Ansible's own module cannot serve for situations. */
  readonly reason: string;
}

const language: Proof = {
  files: ['test/oracle/playbooks', 'test/twins/playbook'],
  reason: 'it acts on the run and not on a host; whole playbooks are compared with Ansible',
};
const docker: Proof = {
  files: ['test/docker/site.yml'],
  reason: 'it needs a Docker Engine; compared with Ansible there',
};
const mysql: Proof = {
  files: ['test/databases/site.yml'],
  reason: 'it needs a database server; compared with Ansible there',
};
const machine = (...files: string[]): Proof => ({
  files: ['test/vm/playbooks', ...files],
  reason: 'it needs a kernel and disks of its own, which only virtual machines have',
});
const elsewhere = (module: string): Proof => ({
  files: [`runner/modules/${module}.test.ts`],
  reason: 'its tools are those of a system that is no host here; held to their output',
});
const beside = (module: string, reason: string): Proof => ({ files: [`runner/modules/${module}.test.ts`], reason });
const inPlaybook = (reason: string): Proof => ({ files: ['test/twins/playbook'], reason });

const settings = (reason: string): Proof => ({ files: ['runner/modules/apt_settings.test.ts'], reason });

/** The modules that have fewer situations than five, by their short names. */
export const otherProofs: Readonly<Record<string, Proof>> = {
  ...Object.fromEntries(
    ['add_host', 'assert', 'debug', 'fail', 'group_by', 'include_vars', 'pause', 'set_fact', 'set_stats'].map(
      (name) => [name, language],
    ),
  ),
  validate_argument_spec: language,
  async_status: language,
  ...Object.fromEntries(
    ['container', 'container_exec', 'container_info', 'image', 'login', 'network', 'prune', 'volume'].map((name) => [
      `docker_${name}`,
      docker,
    ]),
  ),
  docker_compose_v2: {
    files: ['test/docker/compose.yml'],
    reason: "Debian's collections are older than the module; held to what a newer one said",
  },
  ...Object.fromEntries(
    ['db', 'info', 'query', 'replication', 'user', 'variables'].map((name) => [`mysql_${name}`, mysql]),
  ),
  filesystem: machine('runner/modules/filesystem.test.ts'),
  lvg: machine('runner/modules/lvg.test.ts'),
  lvol: machine('runner/modules/lvol.test.ts'),
  modprobe: machine('runner/modules/modprobe.test.ts'),
  parted: machine('runner/modules/parted.test.ts'),
  ...Object.fromEntries(['apk', 'selinux'].map((name) => [name, elsewhere(name)])),
  seboolean: { files: ['runner/modules/selinux.test.ts'], reason: elsewhere('selinux').reason },
  ufw: beside('ufw', 'its firewall would be that of the machine that the tests run on'),
  npm: beside('npm', 'npm needs Node, which hosts have not; compared with Ansible there'),
  locale_gen: beside('locale_gen', 'hosts have no locales to make, which takes seconds each'),
  gather_facts: inPlaybook('it is what plays begin with; its values are compared there'),
  service_facts: inPlaybook('it takes no arguments: all that it can do is compared there'),
  wait_for_connection: inPlaybook('hosts that are up answer at once; of others Ansible tells only that time is over'),
  apt_key: settings('hosts have no gpg'),
  deb822_repository: settings('ansible-core 2.14 has no such module'),
};
