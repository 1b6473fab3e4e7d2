import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CpioEntry, cpio, directory, file } from './cpio.ts';

/** What the kernel must have before it sees its disk and its network. */
const needed = ['virtio_pci', 'virtio_blk', 'virtio_net', 'virtio_rng', 'ext4', 'crc32c_generic'];

/** The folder of a root's kernel modules. */
export const modulesOf = async (root: string): Promise<string> => {
  const all = join(root, 'usr/lib/modules');
  const [version] = await readdir(all);
  if (version === undefined) throw new Error(`${root} has no kernel modules`);
  return join(all, version);
};

/** Paths of modules with what they depend on, in the order to load them. */
const loadOrder = (dependencies: string, names: readonly string[]): string[] => {
  const lines = dependencies.split('\n').filter((line) => line !== '');
  const byPath = new Map(lines.map((line) => [line.split(':')[0]!, line.split(':')[1]!.trim().split(' ')]));
  const paths = new Map([...byPath.keys()].map((path) => [nameOf(path), path]));
  const order: string[] = [];
  const add = (path: string): void => {
    for (const needs of byPath.get(path) ?? []) if (needs !== '') add(needs);
    if (!order.includes(path)) order.push(path);
  };
  // What is not there is built into the kernel.
  for (const name of names) if (paths.has(name)) add(paths.get(name)!);
  return order;
};

const nameOf = (path: string): string => /([^/]+)\.ko/.exec(path)?.[1]?.replaceAll('-', '_') ?? '';

const init = (modules: readonly string[]): string => `#!/bin/busybox sh
b=/bin/busybox
$b mount -t devtmpfs dev /dev
${modules.map((path) => `$b insmod /modules/${path.split('/').at(-1)}`).join('\n')}
until [ -b /dev/vda ]; do $b sleep 0.1; done
$b mount -t ext4 /dev/vda /root || { echo 'lab: cannot mount the root'; $b sleep 1000; }
if ! [ -e /root/etc/lab-made ]; then
  $b cp -a /lab/. /root/
  : >/root/etc/lab-made
fi
$b ip link set lo up
while read -r interface address gateway; do
  until [ -e /sys/class/net/$interface ] || $b ip link show $interface >/dev/null 2>&1; do $b sleep 0.1; done
  $b ip link set $interface up
  $b ip addr add $address dev $interface
  [ -z "$gateway" ] || $b ip route add default via $gateway
done </network
$b mount --move /dev /root/dev
exec $b switch_root /root /sbin/init
`;

/** A first root that mounts /dev/vda and starts the system there, in a second or two: no udev, no waiting. */
export const makeInitrd = async (root: string, busybox: string): Promise<Buffer> => {
  const modules = await modulesOf(root);
  const order = loadOrder(await readFile(join(modules, 'modules.dep'), 'utf8'), needed);
  const parts = await Promise.all(
    order.map(async (path) => file(`modules/${path.split('/').at(-1)}`, await readFile(join(modules, path)))),
  );
  const folders = ['bin', 'dev', 'lab', 'modules', 'root', 'sys'].map(directory);
  return cpio([
    ...folders,
    { path: 'dev/console', mode: 0o20600, device: [5, 1] },
    file('bin/busybox', await readFile(busybox), 0o755),
    file('init', init(order), 0o755),
    ...parts,
  ]);
};

/** What makes a machine of its own from the common disk: files for its root, and its interfaces with their addresses. */
export const ownPart = (files: Readonly<Record<string, string>>, interfaces: readonly string[]): Buffer => {
  const folders = new Set<string>();
  for (const path of Object.keys(files)) {
    const steps = path.split('/').slice(0, -1);
    for (let length = 1; length <= steps.length; length++) folders.add(`lab/${steps.slice(0, length).join('/')}`);
  }
  const entries: CpioEntry[] = Object.entries(files).map(([path, content]) =>
    file(`lab/${path}`, content, path.endsWith('_key') ? 0o600 : 0o644),
  );
  return cpio([
    ...[...folders].sort().map(directory),
    ...entries,
    file('network', interfaces.map((line) => `${line}\n`).join('')),
  ]);
};
