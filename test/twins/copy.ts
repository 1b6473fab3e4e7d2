import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { raw, ShellTarget } from '../../runner/connection/index.ts';
import { OverlayTransport } from '../support/overlay-transport.ts';
import { openSshd, type Sshd } from '../support/sshd.ts';
import type { Twin } from './twin.ts';

/** A twin with all the tools of this machine: a copy of it that is thrown away, and an ssh server in that. */
export const openCopy = async (): Promise<Twin> => {
  const directory = await mkdtemp(join(tmpdir(), 'muster-copy-'));
  let overlay: OverlayTransport | undefined;
  let sshd: Sshd | undefined;
  const close = async (): Promise<void> => {
    await sshd?.close();
    await overlay?.close();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    sshd = await openSshd([], '127.0.0.1', async () => {
      overlay = await OverlayTransport.open();
      return overlay.within;
    });
    const { port, privateKey, knownHosts } = sshd;
    const target = new ShellTarget('copy', overlay!);
    const run = async (script: string): Promise<string> => (await target.run(raw(script))).stdout.toString();
    await run('mkdir -p /srv/twin');
    const inventory = join(directory, 'inventory.ini');
    const vars = [
      'ansible_host=127.0.0.1',
      `ansible_port=${port}`,
      'ansible_user=root',
      'ansible_become=false',
      'ansible_python_interpreter=/usr/bin/python3',
      `ansible_ssh_private_key_file=${privateKey}`,
      `ansible_ssh_common_args='-F none -o UserKnownHostsFile=${knownHosts} -o IdentitiesOnly=yes'`,
    ];
    await writeFile(inventory, `[twin]\nalpha ${vars.join(' ')}\n`);
    return {
      inventory,
      directory,
      variables: {},
      places: { [directory]: 'HERE', [`127.0.0.1:${port}`]: 'ADDRESS' },
      state: async () => (await run(stateScript)).split('\n'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

// The rest of the machine is not the tests' own. Git's logs have times, and its index the numbers of files.
const stateScript = `cd /srv/twin && own='( -name .git -o -name __pycache__ -o -path ./env/lib )'
find . $own -prune -o -exec stat -c '%n %F %U:%G %a' {} + | LC_ALL=C sort
find . $own -prune -o -type l -exec sh -c 'for link; do echo "$link -> $(readlink "$link")"; done' sh {} + | LC_ALL=C sort
find . $own -prune -o -type f -exec sha256sum {} + | LC_ALL=C sort -k 2
for repository in $(find . -name .git -type d | LC_ALL=C sort); do
  echo "$repository"
  git -c safe.directory='*' -C "$repository/.." status --short --branch
  git -c safe.directory='*' -C "$repository/.." for-each-ref
done`;
