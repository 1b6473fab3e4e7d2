import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { raw } from '../../runner/connection/index.ts';
import type { Json } from '../../runner/values/index.ts';
import { type ModuleHost, type ModuleResult, openModuleHost } from './module-host.ts';
import { OverlayTransport } from './overlay-transport.ts';

/** Two throw-away copies of this machine: one where muster's modules run, one where Ansible's do. */
export interface Twins {
  readonly ours: ModuleHost;
  /** Runs a module by Ansible itself in the other copy. */
  ansible(module: string, args: Record<string, unknown>, check?: boolean): Promise<ModuleResult>;
  /** What a command prints in both copies, with the same result expected. */
  look(command: string): Promise<{ ours: string; theirs: string }>;
  /** Runs a command in both, to prepare them. */
  prepare(command: string): Promise<void>;
  close(): Promise<void>;
}

export const openTwins = async (): Promise<Twins> => {
  const ours = await openModuleHost(await OverlayTransport.open());
  const theirs = await openModuleHost(await OverlayTransport.open());
  const run = async (host: ModuleHost, command: string): Promise<string> => {
    const { stdout, stderr } = await host.target.run(raw(command));
    return `${stdout}${stderr}`;
  };
  await sameAccounts((command) => Promise.all([run(ours, command), run(theirs, command)]));
  return {
    ours,
    ansible: async (module, args, check = false) => {
      const text = JSON.stringify(args).replaceAll("'", "'\\''");
      const said = await run(
        theirs,
        `cd /tmp; ANSIBLE_NOCOLOR=1 ANSIBLE_LOCALHOST_WARNING=0 ANSIBLE_INVENTORY_UNPARSED_WARNING=0 PATH=/usr/sbin:/usr/bin:/sbin:/bin ansible localhost ${check ? '-C ' : ''}-e ansible_python_interpreter=/usr/bin/python3 -m ${module} -a '${text}' 2>&1`,
      );
      const start = said.indexOf('=> {');
      if (start === -1) throw new Error(said);
      const result = JSON.parse(said.slice(start + 3)) as Record<string, Json>;
      return / (FAILED!|UNREACHABLE!) /.test(said) ? { ...result, failed: true } : result;
    },
    look: async (command) => ({ ours: await run(ours, command), theirs: await run(theirs, command) }),
    prepare: async (command) => {
      await run(ours, command);
      await run(theirs, command);
    },
    close: async () => {
      await ours.close();
      await theirs.close();
    },
  };
};

// Tests that run at the same time may add users to the machine itself, which would show in one copy only.
const sameAccounts = async (run: (command: string) => Promise<unknown>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-twins-'));
  const names = ['passwd', 'group', 'shadow', 'gshadow', 'subuid', 'subgid'];
  for (const name of names) await copyFile(`/etc/${name}`, join(folder, name)).catch(() => {});
  await run(`for name in ${names.join(' ')}; do [ -e ${folder}/$name ] && cat ${folder}/$name >/etc/$name; done`);
  await rm(folder, { recursive: true });
};
