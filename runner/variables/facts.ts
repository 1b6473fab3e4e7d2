import type { Dict, Value } from '../values/index.ts';

// Facts come from hosts, so they must not be able to say how muster reaches a host or what it runs there.
const connectionNames = new Set(
  [
    'connection host port user password ssh_host ssh_port ssh_user ssh_pass ssh_private_key_file private_key_file',
    'ssh_common_args ssh_extra_args ssh_args sftp_extra_args scp_extra_args ssh_executable pipelining shell_type',
    'shell_executable executable become become_user become_method become_pass become_password become_exe become_flags',
    'sudo_pass su_pass timeout ssh_timeout python_interpreter module_compression no_log check_mode',
  ]
    .join(' ')
    .split(' ')
    .map((name) => `ansible_${name}`),
);

/** The facts that may become variables of their own. */
export const injectableFacts = (facts: Dict): Dict => {
  const clean: Dict = new Map();
  for (const [name, value] of facts) {
    if (typeof name !== 'string' || connectionNames.has(name) || /^ansible_become_/.test(name)) continue;
    if (/^ansible_.*_interpreter$/.test(name) && !name.startsWith('ansible_python_')) continue;
    clean.set(name, value);
  }
  return clean;
};

/** The facts as the `ansible_facts` variable shows them: without their prefix. */
export const namespacedFacts = (facts: Dict): Dict => {
  const bare: Dict = new Map();
  for (const [name, value] of facts) bare.set(withoutPrefix(name), value);
  return bare;
};

const withoutPrefix = (name: Value): Value =>
  typeof name === 'string' && name.startsWith('ansible_') ? name.slice('ansible_'.length) : name;
