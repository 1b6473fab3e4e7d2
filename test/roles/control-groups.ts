import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../lab/lab.ts';

const root = '/sys/fs/cgroup';
const nameOf = (lab: Lab, host: string): string => `muster-agent-${lab.name}-${host}`;

// Each controller's own hierarchy, seen from the group of the host, takes the place of what the host sees read-only.
const script = `
for controller in $(awk 'NR > 1 { print $1 }' /proc/cgroups); do
  [ -d ${root}/$controller ] || continue
  all=/run/groups/$controller
  mkdir -p $all && mount -t cgroup -o $controller none $all && mkdir -p $all/$1 || exit
  [ $controller != cpuset ] || for limit in cpuset.cpus cpuset.mems; do cat $all/$limit >$all/$1/$limit; done
  mount --bind $all/$1 ${root}/$controller
done`;

/** Lets a lab host make control groups, which agents 3 run resources in, where this machine has those of the first version. */
export const giveControlGroups = async (lab: Lab, host: string): Promise<void> => {
  const { code, stderr } = await lab.exec(host, `sh -c '${script.replaceAll("'", `'\\''`)}' - ${nameOf(lab, host)}`);
  if (code !== 0) throw new Error(`${host}: no control groups: ${stderr}`);
};

/** Removes the control groups of the hosts of a lab that was closed. */
export const removeControlGroups = async (lab: Lab): Promise<void> => {
  for (const controller of await readdir(root)) {
    for (const { name } of lab.hosts) await removeGroup(join(root, controller, nameOf(lab, name)));
  }
};

// A group is gone when the groups in it are.
const removeGroup = async (path: string): Promise<void> => {
  const inside = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of inside) if (entry.isDirectory()) await removeGroup(join(path, entry.name));
  await rmdir(path).catch(() => undefined);
};
